"""The matplotlib painter: panels on its axes.

The one idea: pyplot is a global list of windows, and nothing here enters it. Where no axes are given, a
figure is made that belongs to whoever called, with a canvas that only computes; so nothing opens or leaks.
"""

from __future__ import annotations

import functools
import inspect
import io
from collections.abc import Callable
from typing import Any

import numpy as np

from .fonts import dressed, language
from .panel import SERIES, Panel
from .scale import Scale
from .sheet import Sheet
from .style import DASHES, OPACITY, colours, dashes
from .svg import apart

INCH = 80.0  # pixels of a sheet
MARKERS = ("o", "s", "^", "D")


def require() -> None:
    """ModuleNotFoundError with the command that installs matplotlib, where it is missing."""
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ModuleNotFoundError(
            "these pictures are painted by matplotlib, which is not installed: pip install "
            '"microtensor[plot]". Without it, microtensor.plot.drawn has the same pictures as SVG.'
        ) from error


def onto_axes(make: Callable[..., Sheet]) -> Callable[..., Any]:
    """The function that makes a sheet, as one that paints it: onto `ax`, or as a figure of its own."""

    @functools.wraps(make)
    def plot(*args: Any, ax: Any = None, **how: Any) -> Any:
        require()
        if "lang" in inspect.signature(make).parameters:
            how["lang"] = language(how.get("lang", "both"))
        sheet = make(*args, **how)
        if ax is None:
            return figure(sheet)
        if len(sheet.panels) != 1:
            raise ValueError(
                f"{make.__name__} paints {len(sheet.panels)} pictures, not onto one ax; leave ax out."
            )
        paint(sheet.panels[0], ax)
        return ax

    own = inspect.signature(make)
    ax = inspect.Parameter("ax", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=Any)
    plot.__signature__ = own.replace(  # type: ignore[attr-defined]
        parameters=[*own.parameters.values(), ax], return_annotation=Any
    )
    plot.__annotations__ = {**make.__annotations__, "ax": Any, "return": Any}
    plot.__doc__ = (make.__doc__ or "") + (
        "\n    ax: matplotlib's axes to paint on, which are returned; None: a `matplotlib.figure.Figure` is"
        "\n    made and returned, outside pyplot. Needs matplotlib (the extra `plot`).\n    "
    )
    plot.__module__ = "microtensor.plot"
    return plot


def figure(sheet: Sheet) -> Any:
    """The sheet as a `matplotlib.figure.Figure` that pyplot does not know; a notebook shows it."""
    require()
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    height = sum(sheet.heights) + (30 if sheet.title else 0)
    made = picture_class()(figsize=(sheet.width / INCH, height / INCH), layout="constrained")
    FigureCanvasAgg(made)
    dark = sheet.theme == "dark"
    made.set_facecolor(colours("dark" if dark else "light")["page"])
    grid = made.add_gridspec(len(sheet.rows), 1, height_ratios=sheet.heights)
    for k, row in enumerate(sheet.rows):
        cells = grid[k].subgridspec(1, len(row))
        for j, panel in enumerate(row):
            paint(panel, made.add_subplot(cells[j]), sheet.theme)
    if sheet.title:
        title = made.suptitle(sheet.title, fontsize=12, fontweight="bold")
        title.set_color(colours(sheet.theme)["text"])
        dressed(made)
    return made


@functools.cache
def picture_class() -> Any:
    """matplotlib's Figure, which shows itself in a notebook also where pyplot was never imported."""
    from matplotlib.figure import Figure

    class Picture(Figure):
        """A figure that shows itself in a notebook."""

        def _repr_png_(self) -> bytes:
            file = io.BytesIO()
            self.savefig(file, format="png")
            return file.getvalue()

    Picture.__qualname__ = "Picture"  # found by pickle through __getattr__ below
    return Picture


def __getattr__(name: str) -> Any:
    if name == "Picture":
        return picture_class()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def paint(panel: Panel, ax: Any, theme: str = "light") -> None:
    """The panel on matplotlib's axes."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    ink = colours(theme)
    for region in panel.regions:
        kind = region.kind if isinstance(region.kind, str) else f"s{region.kind % SERIES}"
        closed = [Path(loop, closed=True) for loop in region.loops if len(loop) > 2]
        if closed:
            area = Path.make_compound_path(*closed)
            ax.add_patch(PathPatch(area, facecolor=ink[kind], alpha=OPACITY, linewidth=0, zorder=0.5))
    for line in panel.lines:
        ax.plot(line.x, line.y, label=line.name or "_", **_pen(line.kind, ink), zorder=2)
    for dots in panel.dots:
        face = ink["text"] if dots.kind % 2 == 0 else ink["page"]
        marker = MARKERS[dots.kind % len(MARKERS)]
        ax.plot(
            *(dots.x, dots.y, marker),
            ms=8,
            mfc=face,
            mec=ink["text"],
            mew=1.6,
            label=dots.name or "_",
            zorder=3,
        )
    for x in panel.marks:
        ax.axvline(x, color=ink["soft"], lw=0.9, ls=(0, (3, 3)), zorder=1)
    if panel.axes:
        ax.axhline(0, color=ink["soft"], lw=0.8, zorder=1)
        ax.axvline(0, color=ink["soft"], lw=0.8, zorder=1)
    _labels(panel, ax, ink)
    ax.set_xlabel(panel.x_label, fontsize=9)
    ax.set_ylabel(panel.y_label, fontsize=9)
    if panel.log:
        ax.set_yscale("log")
    if panel.log_x:
        ax.set_xscale("log")
    if panel.counted:
        ax.xaxis.get_major_locator().set_params(integer=True)
    ax.set_xlim(*panel.x_limits)
    ax.set_ylim(*panel.y_limits)
    ax.grid(True, color=ink["line"], alpha=0.4, lw=0.6)
    ax.set_facecolor(ink["page"])
    ax.tick_params(colors=ink["soft"], labelsize=8)
    for part in (*ax.spines.values(), ax.xaxis.label, ax.yaxis.label):
        part.set_color(ink["soft"])
    named = [name for name in ax.get_legend_handles_labels()[1] if not name.startswith("_")]
    key = not panel.ends and (len(named) > 1 or bool(panel.dots)) and bool(named)
    if key:  # above the axes, where it hides nothing
        ax.legend(
            *ax.get_legend_handles_labels(),
            loc="lower left",
            bbox_to_anchor=(0, 1),
            ncols=len(named),
            frameon=False,
            fontsize=8,
            labelcolor=ink["soft"],
            borderaxespad=0.1,
            handlelength=1.8,
        )
    heading = "\n".join([panel.title, *panel.formulas])
    ax.set_title(heading, fontsize=9.5, loc="left", color=ink["text"], pad=19 if key else 5)
    dressed(ax)


def _pen(kind: str | int, ink: dict[str, str]) -> dict[str, Any]:
    if isinstance(kind, str):
        return {"color": ink[kind], "lw": 1.8, "ls": (0, (4, 3)) if kind == "grad" else "-"}
    pattern = [float(d) / 1.8 for d in DASHES[dashes(kind)].split()]  # matplotlib counts in line widths
    return {"color": ink[f"s{kind % SERIES}"], "lw": 1.8, "ls": (0, pattern) if pattern else "-"}


def _labels(panel: Panel, ax: Any, ink: dict[str, str]) -> None:
    """The texts beside points and at the ends of lines."""
    merged: dict[tuple[float, float], list[str]] = {}
    span = (panel.x_limits[1] - panel.x_limits[0]) * 0.05
    for dots in panel.dots:
        for x, y, words in zip(
            dots.x.tolist(), dots.y.tolist(), dots.labels or [""] * len(dots.x), strict=True
        ):
            near = next((at for at in merged if np.hypot(at[0] - x, at[1] - y) < span), (x, y))
            merged.setdefault(near, []).extend([words] if words else [])
    for at, texts in merged.items():
        if texts:
            right = at[0] > panel.x_limits[0] + 0.7 * (panel.x_limits[1] - panel.x_limits[0])
            ax.annotate(
                *(", ".join(dict.fromkeys(texts)), at, (-7 if right else 7, 6)),
                textcoords="offset points",
                ha="right" if right else "left",
                fontsize=8,
                color=ink["text"],
                zorder=4,
            )
    if panel.ends:
        place = Scale(panel.y_limits, 0.0, 1.0)
        last = sorted(
            ((float(place(line.y[-1])), line) for line in panel.lines if len(line.y)), key=lambda p: p[0]
        )
        last = [(height, line) for height, line in last if np.isfinite(height)]
        step = min(0.09, 1 / max(1, len(last)))
        for height, (_, line) in zip(apart([h for h, _ in last], step, 0.0, 1.0), last, strict=True):
            ax.annotate(
                *(line.name, (1.0, height), (5, -3)),
                xycoords="axes fraction",
                textcoords="offset points",
                fontsize=7.5,
                color=_pen(line.kind, ink)["color"],
            )
