"""Where batches come from: arrays, generators, iterables, datasets; and how they are cut into epochs."""

import numpy as np
import pytest

from microtensor import keras

X = np.arange(8.0).reshape(4, 2)
Y = np.array([[0.0], [1.0], [1.0], [0.0]])


class Watch(keras.Sequential):
    """Notes the first number of each batch that it trains on."""

    def __init__(self, *args):
        super().__init__(*args)
        self.seen = []

    def train_step(self, data):
        self.seen.append(data[0].tolist()[0][0])
        return super().train_step(data)


def watched():
    model = Watch([keras.layers.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    return model


class Numbered(keras.utils.PyDataset):
    def __init__(self):
        super().__init__()
        self.ended = 0

    def __len__(self):
        return 2

    def __getitem__(self, k):
        return X[2 * k : 2 * k + 2], Y[2 * k : 2 * k + 2]

    def on_epoch_end(self):
        self.ended += 1


def test_a_generator_runs_for_the_steps_that_are_asked_for():
    def forever():
        while True:
            yield X, Y

    model = watched()
    history = model.fit(forever(), steps_per_epoch=3, epochs=2, verbose=0)
    assert len(model.seen) == 6
    assert history.params["steps"] == 3


def test_a_generator_that_ends_is_an_epoch_of_its_own_length():
    model = watched()
    history = model.fit(((X[k : k + 1], Y[k : k + 1]) for k in range(3)), verbose=0)
    assert len(model.seen) == 3
    assert history.params["steps"] == 3


def test_a_generator_that_ends_too_soon_says_so():
    model = watched()
    with pytest.warns(UserWarning, match="ran out of data"):
        model.fit(iter([(X, Y)]), steps_per_epoch=2, verbose=0)


def test_an_iterable_begins_again_each_epoch():
    model = watched()

    class Batches:
        def __iter__(self):
            yield X[:2], Y[:2]
            yield X[2:], Y[2:]

    model.fit(Batches(), epochs=2, verbose=0)
    assert model.seen == [0.0, 4.0, 0.0, 4.0]


def test_a_dataset_is_told_when_an_epoch_ends():
    model, data = watched(), Numbered()
    model.fit(data, epochs=3, verbose=0, shuffle=False)
    assert model.seen == [0.0, 4.0] * 3
    assert data.ended == 3
    assert model.evaluate(data, verbose=0) == pytest.approx(model.evaluate(X, Y, verbose=0), rel=1e-6)
    assert model.predict(data, verbose=0).shape == (4, 1)


def test_steps_per_epoch_goes_on_where_the_last_epoch_stopped():
    model = watched()
    model.fit(X, Y, batch_size=1, steps_per_epoch=2, epochs=3, shuffle=False, verbose=0)
    assert model.seen == [0.0, 2.0, 4.0, 6.0, 0.0, 2.0]


def test_shuffling_inside_batches_leaves_the_batches_in_place():
    class Rows(Watch):
        def train_step(self, data):
            self.seen.append(sorted(row[0] for row in data[0].tolist()))
            return keras.Sequential.train_step(self, data)

    model = Rows([keras.layers.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    model.fit(X, Y, batch_size=2, epochs=3, shuffle="batch", verbose=0)
    assert model.seen == [[0.0, 2.0], [4.0, 6.0]] * 3


def test_a_generator_gives_weights_too():
    weights = np.array([1.0, 0.0, 0.0, 0.0])
    model = watched()
    given = model.evaluate(iter([(X, Y, weights)]), verbose=0)
    assert given == pytest.approx(model.evaluate(X, Y, sample_weight=weights, verbose=0))


@pytest.mark.parametrize(
    ("fit", "words"),
    [
        (lambda m: m.fit(Numbered(), Y), ["`y`", "Numbered"]),
        (lambda m: m.fit(Numbered(), validation_split=0.5), ["validation_split"]),
        (lambda m: m.fit(iter([])), ["no batch"]),
        (lambda m: m.fit(iter([(X, Y[:3])])), ["cardinality", "4", "3"]),
        (lambda m: m.fit(iter([(X, Y, Y, Y)])), ["sample_weight", "4"]),
        (lambda m: m.fit(X, Y, steps_per_epoch=0), ["steps_per_epoch"]),
        (lambda m: m.fit(X, Y, shuffle="all"), ["shuffle"]),
        (lambda m: m.fit(X, Y, validation_freq=0), ["validation_freq"]),
        (lambda m: m.fit(X, Y, class_weight=[1, 2]), ["class_weight", "dict"]),
        (
            lambda m: m.fit(X, Y, class_weight={0: 1.0}, sample_weight=np.ones(4)),
            ["class_weight", "sample_weight"],
        ),
        (lambda m: m.fit(X, Y, sample_weight=np.ones(3)), ["sample_weight", "3", "4"]),
    ],
)
def test_what_cannot_be_batches_is_refused_before_the_first_step(fit, words):
    model = watched()
    before = model.get_weights()
    with pytest.raises((ValueError, TypeError)) as error:
        fit(model)
    assert all(word in str(error.value) for word in words), error.value
    assert model.seen == []
    assert all(map(np.array_equal, before, model.get_weights()))
