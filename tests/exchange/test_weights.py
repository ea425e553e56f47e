"""`new --weights`: nets out of the files of other programs, whole or not at all."""

from __future__ import annotations

import contextlib
import io
import json
import pickle
import random
import struct
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from nnhs_tui.errors import ScenarioError
from nnhs_tui.exchange.weights.reading import FORMATS, read_net
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Network
from tests.cli.in_process import told
from tests.documents import blocks, document
from tests.exchange.writers import (
    Call,
    npy,
    npz,
    safetensors,
    sequential,
    torch_file,
    zipped,
)

W1 = np.array([[0.5, -0.3, 0.1], [0.8, 0.2, 0.7]])
B1 = np.array([0.1, 0.0, -0.2])
W2 = np.array([[1.0], [2.0], [-1.0]])
B2 = np.array([0.3])
X = np.array([2.0, 1.5])
STATE = {
    "0.weight": W1.T.copy(),
    "0.bias": B1,
    "2.weight": W2.T.copy(),
    "2.bias": B2,
}
OURS = {"W1": W1, "b1": B1, "W2": W2, "b2": B2}


def as_type(name: str, arrays: dict[str, np.ndarray] = STATE) -> dict[str, np.ndarray]:
    return {key: array.astype(name) for key, array in arrays.items()}


def keras_file(**lies: Any) -> bytes:
    """What Keras 3 writes for a net of two layers, Dropout between them."""
    h5py = pytest.importorskip("h5py")
    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        for key, arrays in (("dense", (W1, B1)), ("dense_1", (W2, B2))):
            for place, array in enumerate(arrays):
                opened[f"layers/{key}/vars/{place}"] = array.astype("float32")
        for place, make in lies.items():
            make(opened, place, h5py)
    layers = (
        ("InputLayer", {"batch_shape": [None, 2]}),
        ("Dense", {"name": "hidden", "units": 3, "activation": "tanh", "use_bias": True}),
        ("Dropout", {"rate": 0.5}),
        ("Dense", {"name": "output", "units": 1, "activation": "linear", "use_bias": True}),
        ("Activation", {"name": "last", "activation": "sigmoid"}),
    )
    return zipped({"config.json": sequential(*layers), "model.weights.h5": file.getvalue()})


def put(folder: Path, ending: str, content: bytes) -> str:
    path = folder / f"net{ending}"
    path.write_bytes(content)
    return str(path)


def refused(path: str, *more: str) -> str:
    """What is said of a file that is refused; nothing is written."""
    target = Path(path).parent / "new.toml"
    found = told("new", str(target), "--weights", path, *more)
    assert (found.code, found.out) == (2, b"") and not target.exists()
    said = found.err.decode()
    assert "Traceback" not in said and all(
        line.startswith("nnhs-tui: ") for line in said.splitlines()
    )
    return said


def forward(hidden: Any, output: Any) -> float:
    """The net's output, worked out here."""
    return float(output(hidden(X @ W1 + B1) @ W2 + B2)[0])


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


MADE = {
    "npz": (".npz", lambda: npz(**OURS)),
    "by columns": (".npz", lambda: npz(**as_type("float32", OURS))),
    "sklearn": (
        ".npz",
        lambda: npz(coefs_0=W1, coefs_1=W2, intercepts_0=B1, intercepts_1=B2),
    ),
    "without names": (".npz", lambda: npz(arr_0=W1, arr_1=B1, arr_2=W2, arr_3=B2)),
    "biases as rows": (".npz", lambda: npz(W1=W1, b1=B1[None], W2=W2, b2=B2[None])),
    "deflated": (
        ".npz",
        lambda: zipped({f"{k}.npy": npy(v) for k, v in OURS.items()}, zipfile.ZIP_DEFLATED),
    ),
    "big-endian": (".npz", lambda: npz(**as_type(">f8", OURS))),
    "safetensors": (".safetensors", lambda: safetensors(as_type("float32"))),
    "doubles": (".safetensors", lambda: safetensors(STATE)),
    "torch": (".pt", lambda: torch_file(as_type("float32"))),
    "torch, doubles": (".pth", lambda: torch_file(STATE)),
    "torch, protocol 4": (".pt", lambda: torch_file(STATE, protocol=4)),
    "torch, turned": (".pt", lambda: torch_file(STATE | {"0.weight": W1.T})),
    "keras": (".keras", keras_file),
}


@pytest.mark.parametrize("kind", MADE)
def test_the_net_is_the_one_of_the_file(kind: str, tmp_path: Path) -> None:
    ending, make = MADE[kind]
    path, target = put(tmp_path, ending, make()), tmp_path / "new.toml"
    found = told("new", str(target), "--weights", path, "--activation", "sigmoid,identity")
    assert (found.code, found.err) == (0, b"")
    trace = json.loads(told("trace", str(target), "--json").out)
    values = trace["rounds"][0]["samples"][0]["values"]
    last = next(key for key in reversed(values) if key.endswith(".a"))
    assert values["x"] == X.tolist()
    assert values[last] == pytest.approx([forward(sigmoid, lambda z: z)], rel=1e-6)
    # Numbers that a single tells apart from others are written as people write them.
    model = load(target).model
    assert isinstance(model, Network) and float(model.layers[0].weights[0][1]) == -0.3  # type: ignore[index]
    assert told("validate", str(target)).code == 0


def test_keras_says_its_activations_and_names(tmp_path: Path) -> None:
    path, target = put(tmp_path, ".keras", keras_file()), tmp_path / "new.toml"
    assert told("new", str(target), "--weights", path).code == 0
    model = load(target).model
    assert isinstance(model, Network)
    assert [each.name for each in model.layers] == ["hidden", "output"]
    assert [each.activation for each in model.layers] == ["tanh", "sigmoid"]


def test_where_a_file_tells_no_activation_that_is_said(tmp_path: Path) -> None:
    path = put(tmp_path, ".pt", torch_file(STATE))
    found = told("new", "--weights", path)
    assert found.code == 0 and b"identity is taken, --activation says others" in found.err
    assert b"outputs x inputs" in found.out and b"transposed" in found.out


@pytest.mark.parametrize("kind", ["float16", "int64"])
def test_other_types_are_read(kind: str, tmp_path: Path) -> None:
    state = as_type(kind, {name: array * 4 for name, array in STATE.items()})
    for ending, made in (
        (".npz", npz(**{name.replace(".", "_"): array for name, array in state.items()})),
        (".safetensors", safetensors(state)),
        (".pt", torch_file(state)),
    ):
        net = read_net(put(tmp_path, ending, made))
        found = np.array(net.layers[0].weights, float)
        assert found.shape == (2, 3)
        assert found == pytest.approx(state["0.weight"].T.astype(float), rel=1e-7)


def test_bfloat16_is_the_upper_half_of_a_single(tmp_path: Path) -> None:
    state = {"weight": np.array([[1.0, -2.5, 0.1]], "float32")}
    net = read_net(put(tmp_path, ".safetensors", safetensors(state, brain=True)))
    # 0.1 with eight bits of mantissa: 1.6 in steps of 1/128 is 204/128, over 16.
    assert np.array(net.layers[0].weights, float).T.tolist() == [[1.0, -2.5, 204 / 128 / 16]]


@pytest.mark.parametrize(
    "wrap",
    [
        lambda table: {"epoch": 3, "loss": 0.5, "model_state_dict": table, "optimizer": [1, {}]},
        lambda table: OrderedDict(
            (name, Call("torch._utils", "_rebuild_parameter", each, True, OrderedDict()))
            for name, each in table.items()
        ),
        lambda table: dict(table),
    ],
)
def test_a_checkpoint_and_parameters_are_read(wrap: Any, tmp_path: Path) -> None:
    assert read_net(put(tmp_path, ".pt", torch_file(STATE, wrap))).sizes == (2, 3, 1)


def test_what_a_state_dict_remembers_of_itself_is_passed_over(tmp_path: Path) -> None:
    def remembering(table: Any) -> Any:
        table._metadata = OrderedDict({"": {"version": 1}})
        return table

    assert read_net(put(tmp_path, ".pt", torch_file(STATE, remembering))).sizes == (2, 3, 1)


def test_layers_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    arrays = {f"fc{n}.weight": np.full((1, 1), float(n)) for n in range(1, 12)}
    net = read_net(put(tmp_path, ".safetensors", safetensors(arrays)))
    assert [each.name for each in net.layers] == [f"fc{n}" for n in range(1, 12)]
    swapped = {"W2": W2, "W1": W1}
    assert read_net(put(tmp_path, ".npz", npz(**swapped))).sizes == (2, 3, 1)


def test_order_and_rows_can_be_said(tmp_path: Path) -> None:
    arrays = {"encoder.weight": W1.T.copy(), "decoder.weight": W2.T.copy()}
    path = put(tmp_path, ".safetensors", safetensors(arrays))
    assert "decoder.weight" in refused(path) and "--order" in refused(path)
    assert read_net(path, order=["encoder", "decoder"]).sizes == (2, 3, 1)
    assert "encoder" in refused(path, "--order", "encoder,nowhere")
    square = np.array([[1.0, 2.0], [3.0, 4.0]])
    path = put(tmp_path, ".npz", npz(W1=square))
    assert read_net(path).layers[0].weights == [["1.0", "2.0"], ["3.0", "4.0"]]
    assert read_net(path, "neurons").layers[0].weights == [["1.0", "3.0"], ["2.0", "4.0"]]


def test_a_missing_bias_is_none(tmp_path: Path) -> None:
    path = put(tmp_path, ".npz", npz(W1=W1, W2=W2, b2=B2))
    found = told("new", "--weights", path).out.decode()
    assert found.count("bias = [") == 1 and "no bias there" in found


NAN, WIDE = W1.copy(), np.zeros((1500, 1500), "float16")
NAN[1, 2] = np.nan
NPZ = {
    "nan": (npz(W1=NAN, W2=W2), "W1[2,3]: nan; expected a finite number"),
    "infinite": (npz(W1=W1, b1=np.array([1, -np.inf, 0])), "b1[2]: -inf"),
    "conv": (npz(W1=np.zeros((3, 3, 2, 2))), "W1: an array with 4 axes; expected one or two"),
    "scalar": (npz(W1=W1, step=np.array(3.0)), "step: an array with 0 axes"),
    "norm": (npz(W1=W1, norm_weight=B1), "norm_weight: a list of 3 values; expected a matrix"),
    "two of one": (npz(W1=W1, weight1=W1), "a second matrix of the layer of W1"),
    "bias alone": (npz(W1=W1, b7=B1), "b7: a list of biases without a matrix"),
    "misfit": (npz(W1=W1, W2=W1), "W2: a matrix for 2 inputs; expected 3, what W1 gives"),
    "bias misfit": (npz(W1=W1, b1=B2), "b1: 1 value; expected 3"),
    "objects": (zipped({"W1.npy": npy(W1, "|O")}), "W1: an array of the type object"),
    "complex": (npz(W1=W1.astype(complex)), "W1: an array of the type complex128"),
    "truth": (npz(W1=W1 > 0), "W1: an array of the type bool"),
    "texts": (npz(W1=W1.astype("U4")), "W1: an array of the type"),
    "a huge shape": (zipped({"W1.npy": npy(W1, shape=(10**9, 10**9))}), "expected a net of at"),
    "a negative shape": (zipped({"W1.npy": npy(W1, shape=(-2, -3))}), "W1: a shape that is none"),
    "no bytes": (zipped({"W1.npy": npy(W1, shape=(20, 30))}), "48 bytes for 4,800"),
    "empty": (npz(W1=np.zeros((2, 0))), "W1: an array without numbers"),
    "no header": (zipped({"W1.npy": b"\x93NUMPY\x01\x00\xff\xff("}), "W1: no array of numpy's"),
    "no matrix": (npz(), "no matrix; expected weights"),
    "too large": (npz(W1=WIDE), "1500 times 1500 numbers; expected a net of at most 2,000,000"),
    "too large together": (npz(W1=WIDE[:1000], W2=WIDE[:1400, :1000].T.copy().T), "too many"),
    "no zip": (b"W1 = 0.5", "no zip archive"),
    "a bomb": (
        zipped({"W1.npy": bytes(65 * 2**20)}, zipfile.ZIP_DEFLATED),
        "W1.npy: it is over 64 MiB when it is unpacked",
    ),
    "odd packing": (zipped({"W1.npy": npy(W1)}, zipfile.ZIP_LZMA), "packed in an unusual way"),
    "an overflow": (npz(W1=W1 * 1e300, W2=W2 * 1e300), "net.npz: "),
}


@pytest.mark.parametrize("kind", NPZ)
def test_an_archive_that_makes_no_net_is_refused(kind: str, tmp_path: Path) -> None:
    content, said = NPZ[kind]
    path = put(tmp_path, ".npz", content)
    assert said in refused(path) and path in refused(path)


SAFE: dict[str, tuple[bytes, str]] = {
    "a type": (safetensors({"weight": W1}, dtype="F8_E4M3"), "the type 'F8_E4M3'; expected one of"),
    "no type": (safetensors({"weight": W1}, dtype=[1]), "weight: no type"),
    "a shape": (safetensors({"weight": W1}, shape=[10**6, 10**30]), "weight: 1000000 times"),
    "a shape of truth": (safetensors({"weight": W1}, shape=[True, 6]), "a shape that is none"),
    "bytes": (safetensors({"weight": W1}, data_offsets=[0, 40]), "bytes that do not fit"),
    "behind": (safetensors({"weight": W1}, data_offsets=[8, 56]), "bytes that do not fit"),
    "before": (safetensors({"weight": W1}, data_offsets=[-48, 0]), "bytes that do not fit"),
    "no place": (safetensors({"weight": W1}, data_offsets=[0]), "no shape, or no place"),
    "overlap": (
        safetensors({"0.weight": W1, "1.weight": W1}, data_offsets=[48, 96]),
        "arrays that lie on one another",
    ),
    "a long header": (struct.pack("<Q", 2**63) + b"{}", "a header longer than the file"),
    "too short": (b"\x02", "a header longer than the file"),
    "no JSON": (struct.pack("<Q", 2) + b"{[", "a header that is no JSON"),
    "deep": (struct.pack("<Q", 10**6) + b"[" * 10**6, "a header that is no JSON"),
    "a list": (struct.pack("<Q", 2) + b"[]", "a header that is no table"),
    "twice": (struct.pack("<Q", 15) + b'{"a":{},"a":{}}', "a header that is no JSON"),
    "a text": (struct.pack("<Q", 8) + b'{"a":""}', "a: no table"),
    "escapes": (safetensors({"\x1b[31m\nweight": NAN}), r'"\x1b[31m\nweight"[2,3]: nan'),
}


@pytest.mark.parametrize("kind", SAFE)
def test_a_header_that_lies_is_refused(kind: str, tmp_path: Path) -> None:
    content, said = SAFE[kind]
    assert said in refused(put(tmp_path, ".safetensors", content))


class Evil:
    """Makes a file when it is unpickled, as `pickle.load` would."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return open, (str(self.path), "w")


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_that_calls_is_refused_and_not_run(protocol: int, tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    pickled = pickle.dumps({"weight": Evil(trap)}, protocol)
    said = refused(put(tmp_path, ".pt", zipped({"net/data.pkl": pickled})))
    assert "net.pt: data.pkl, byte " in said and "open', which is not loaded and never run" in said
    assert "expected what torch.save(model.state_dict(), FILE) writes" in said
    assert not trap.exists()


PICKLES = {
    "a whole model": (b"\x80\x02ctorch.nn.modules.container\nSequential\n.", "never run"),
    "another module": (b"\x80\x02cos\nsystem\n(S'true'\ntR.", "'os.system'"),
    "an instance": (b"(S'true'\nios\nsystem\n.", "the opcode INST"),
    "an object": (b"\x80\x02ccollections\nOrderedDict\n)\x81.", "the opcode NEWOBJ"),
    "an extension": (b"\x80\x02\x82\x01.", "the opcode EXT1"),
    "a persistent name": (b"Pfile\n.", "the opcode PERSID"),
    "a built table": (b"\x80\x02N}b.", "an object that sets itself up"),
    "a call of a table": (b"\x80\x02})R.", "a call of something that is no tensor"),
    "a call of a type": (b"\x80\x02ctorch\nFloatStorage\n)R.", "a call of something"),
    "something outside": (b"\x80\x02K\x01Q.", "a reference to something outside"),
    "a key that is a list": (b"\x80\x02}]Ns.", "a table with a key that is no text"),
    "no stack": (b"\x80\x02R.", "a broken pickle"),
    "nothing remembered": (b"\x80\x02h\x05.", "a broken pickle"),
    "no end": (b"\x80\x02N", "a broken pickle"),
    "no mark": (b"\x80\x02t.", "a broken pickle"),
    "a long text": (b"\x80\x04\x8d" + b"\xff" * 8 + b".", "a broken pickle"),
    "a number": (b"\x80\x02K\x01.", "no table that holds tensors"),
    "an empty table": (b"\x80\x02}.", "no table that holds tensors"),
    "too many steps": (b"\x80\x02" + b"N" * 600_000 + b".", "more than 500,000 steps"),
    "too deep": (b"\x80\x02N" + b"\x85" * 300_000 + b".", "no table that holds tensors"),
}


@pytest.mark.parametrize("kind", PICKLES)
def test_a_pickle_that_is_no_table_of_tensors_is_refused(kind: str, tmp_path: Path) -> None:
    pickled, said = PICKLES[kind]
    assert said in refused(put(tmp_path, ".pt", zipped({"net/data.pkl": pickled})))


def lying(shape: Any, strides: Any, first: int = 0) -> bytes:
    """A tensor whose numbers are not those that are stored: six of them."""

    def wrap(table: Any) -> Any:
        storage, *_ = table["weight"].arguments
        given = (storage, first, shape, strides, False, OrderedDict())
        return {"weight": Call("torch._utils", "_rebuild_tensor_v2", *given)}

    return torch_file({"weight": W1}, wrap)


@pytest.mark.parametrize(
    ("shape", "strides", "first"),
    [
        ((3, 3), (3, 1), 0),
        ((2, 3), (3, 1), 1),
        ((2, 3), (3, 1), -1),
        ((2, 3), (-3, 1), 3),
        ((2, 3), (3,), 0),
        ((2, 3), (2**70, 1), 0),
        ((10**6, 10**6), (0, 0), 0),
        ((2, "3"), (3, 1), 0),
        ((2, 3), ("3", 1), 0),
    ],
)
def test_a_tensor_outside_its_numbers_is_refused(
    shape: Any, strides: Any, first: int, tmp_path: Path
) -> None:
    assert "weight: " in refused(put(tmp_path, ".pt", lying(shape, strides, first)))


def test_the_form_before_1_6_is_told_apart(tmp_path: Path) -> None:
    old = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")
    assert "as PyTorch writes it from 1.6 on" in refused(put(tmp_path, ".pt", old))


def test_of_keras_only_what_is_dense_is_taken(tmp_path: Path) -> None:
    for layers, said in (
        ([("Conv2D", {})], "layers[1]: a layer of the kind 'Conv2D'"),
        ([("Dense", {"activation": "mish"})], "layers[1]: the activation 'mish'"),
        ([("Dense", {"activation": {}})], "layers[1]: the activation something else"),
        ([("Activation", {"activation": "tanh"})], "a layer of the kind 'Activation'"),
    ):
        entries = {"config.json": sequential(*layers), "model.weights.h5": b""}
        assert said in refused(put(tmp_path, ".keras", zipped(entries)))
    for config, said in (
        (b"{", "config.json: no JSON"),
        (b"[" * 10**6, "config.json: no JSON"),
        (b"[]", "no class_name and config"),
        (b'{"class_name": "Mine", "config": {}}', "a model of the kind 'Mine'"),
        (b'{"class_name": "Sequential", "config": {}}', "a model without layers"),
    ):
        entries = {"config.json": config, "model.weights.h5": b""}
        assert said in refused(put(tmp_path, ".keras", zipped(entries)))
    assert "config.json: no such entry" in refused(put(tmp_path, ".keras", zipped({})))


def functional(*before: str) -> bytes:
    """Keras's config.json of a Functional model: each layer, and where its input comes from."""
    model = json.loads(sequential(("InputLayer", {}), *[("Dense", DENSE)] * 2))
    for layer, name, given in zip(
        model["config"]["layers"], ("in", "one", "two"), ("", *before), strict=True
    ):
        tensor = {"class_name": "__keras_tensor__", "config": {"keras_history": [given, 0, 0]}}
        layer |= {"name": name, "inbound_nodes": [{"args": [tensor]}] if given else []}
        layer["config"] = {**layer["config"], "name": name}
    return json.dumps(model | {"class_name": "Functional"}).encode()


DENSE = {"units": 3, "activation": "silu", "use_bias": True}


def test_a_functional_model_is_taken_where_it_is_a_chain(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(keras_file())) as archive:
        numbers = archive.read("model.weights.h5")
    for before, said in ((("in", "one"), ""), (("in", "in"), "do not follow one another")):
        entries = {"config.json": functional(*before), "model.weights.h5": numbers}
        path = put(tmp_path, ".keras", zipped(entries))
        if said:
            assert said in refused(path)
        else:
            net = read_net(path)
            assert (net.sizes, net.activations) == ((2, 3, 1), ("swish", "swish"))
    broken = json.loads(functional("in", "one"))
    del broken["config"]["layers"][1]["inbound_nodes"]
    entries = {"config.json": json.dumps(broken).encode(), "model.weights.h5": numbers}
    assert "do not follow one another" in refused(put(tmp_path, ".keras", zipped(entries)))


def test_the_three_lines_for_scikit_learn(tmp_path: Path) -> None:
    """`coefs_` and `intercepts_` are lists of arrays, (inputs, neurons) and (neurons,)."""
    (program,) = blocks(document("exchange.md"), "python")
    model = SimpleNamespace(coefs_=[W1, W2], intercepts_=[B1, B2])
    with contextlib.chdir(tmp_path):
        exec(program, {"numpy": np, "model": model})
    assert len(program.strip().splitlines()) == 3
    net = read_net(str(tmp_path / "net.npz"))
    assert net.sizes == (2, 3, 1) and net.layers[0].weights[0] == ["0.5", "-0.3", "0.1"]
    assert net.layers[1].bias == ["0.3"]


def _outside(opened: Any, place: str, h5py: Any) -> None:
    del opened["layers/dense/vars/0"]
    opened["layers/dense/vars/0"] = h5py.ExternalLink("/etc/passwd", "/x")


def _soft(opened: Any, place: str, h5py: Any) -> None:
    opened["elsewhere"] = W1
    del opened["layers/dense/vars/0"]
    opened["layers/dense/vars/0"] = h5py.SoftLink("/elsewhere")


def _huge(opened: Any, place: str, h5py: Any) -> None:
    del opened["layers/dense/vars/0"]
    opened.create_dataset("layers/dense/vars/0", (10**6, 10**6), chunks=(1, 1), dtype="f4")


def _text(opened: Any, place: str, h5py: Any) -> None:
    del opened["layers/dense/vars/0"]
    opened["layers/dense/vars/0"] = np.array([[b"a"]])


@pytest.mark.parametrize("lie", [_outside, _soft, _huge, _text])
def test_keras_numbers_that_lie_elsewhere_are_refused(lie: Any, tmp_path: Path) -> None:
    assert "hidden.kernel" in refused(put(tmp_path, ".keras", keras_file(lie=lie)))


def test_without_h5py_its_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path, ".keras", keras_file())
    monkeypatch.setitem(sys.modules, "h5py", None)
    assert "expected pip install 'nnhs-tui[keras]'" in refused(path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--layers", "2-1"], "--layers does not go with this"),
        (["--bias"], "--bias does not go with this"),
        (["--activation", "tanh,tanh,tanh"], "2 layers, but 3 activations"),
        (["--activation", "softmax,tanh"], "a softmax can only be the last activation"),
        (["--loss", "rmse"], "'rmse' is no loss"),
        (["--title", "two\nlines"], "title"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    assert said in refused(put(tmp_path, ".npz", npz(**OURS)), *arguments)


def test_other_files_are_refused(tmp_path: Path) -> None:
    assert "expected a file of weights: .npz" in refused(put(tmp_path, ".h5", b""))
    assert "there is no such file" in refused(str(tmp_path / "nowhere.npz"))
    (tmp_path / "folder.npz").mkdir()
    assert "a folder" in refused(str(tmp_path / "folder.npz"))
    assert told("new", "--rows", "inputs").code == 2
    path = put(tmp_path, ".npz", b"")
    with open(path, "wb") as file:
        file.truncate(65 * 2**20)
    assert "expected at most 64 MiB" in refused(path)


@pytest.mark.parametrize("kind", ["npz", "safetensors", "torch", "keras"])
def test_damaged_files_are_read_or_refused(kind: str, tmp_path: Path) -> None:
    ending, make = MADE[kind]
    content = make()
    chance = random.Random(kind)
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 1, 4))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        if chance.random() < 0.3:
            del damaged[chance.randrange(len(damaged)) :]
        try:
            read_net(put(tmp_path, ending, bytes(damaged)))
        except ScenarioError as error:
            assert str(error)


def test_none_of_the_libraries_is_imported() -> None:
    assert {ending for each in FORMATS for ending in each.endings} >= {".npz", ".keras"}
    assert not {"torch", "safetensors", "keras", "tensorflow"} & set(sys.modules)
