"""Make lecture.ipynb from lecture.py: `# %%` begins a code cell, `# %% [markdown]` a text cell."""

from pathlib import Path

import nbformat

HERE = Path(__file__).parent


def notebook(source: str) -> str:
    """The notebook, as JSON text, of a script in cells."""
    cells = []
    for k, part in enumerate(source.split("# %%")[1:]):
        head, _, body = part.partition("\n")
        if "[markdown]" in head:
            text = "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.strip().splitlines())
            cell = nbformat.v4.new_markdown_cell(text)
        else:
            cell = nbformat.v4.new_code_cell(body.strip())
        cell["id"] = f"cell-{k}"  # the same bytes each time
        cells.append(cell)
    book = nbformat.v4.new_notebook(cells=cells)
    book.metadata["kernelspec"] = {"display_name": "Python 3", "language": "python", "name": "python3"}
    nbformat.validate(book)
    return nbformat.writes(book) + "\n"


if __name__ == "__main__":
    (HERE / "lecture.ipynb").write_text(notebook((HERE / "lecture.py").read_text("utf-8")), "utf-8")
