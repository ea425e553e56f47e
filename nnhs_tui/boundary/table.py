"""What is looked at: points, the net that is trained on them, and the pointer."""

from __future__ import annotations

from dataclasses import dataclass, field

from nnhs_tui.boundary.net import ACTIVATIONS, MOST_HIDDEN, BoundaryNet
from nnhs_tui.boundary.points import EDGE, KINDS, MOST, Points, make_points
from nnhs_tui.errors import Refusal, quoted

COUNT = 200
THREE = ((6, "tanh"), (2, "tanh"), (6, "relu"))
"""The three pictures of the article."""


@dataclass
class Table:
    """The state of a boundary that is looked at.

    Raises:
        Refusal: there is no such kind of points or activation, or too many units.
    """

    kind: str = "circle"
    units: int = 6
    activation: str = "tanh"
    seed: int = 0
    count: int = COUNT
    points: Points = field(init=False)
    nets: list[BoundaryNet] = field(init=False)
    """The one that is looked at; or the three of the article."""
    x: float = field(init=False, default=0.0)
    """Where the pointer is."""
    y: float = field(init=False, default=0.0)
    held: int | None = field(init=False, default=None)
    """The point that the pointer carries."""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Refusal(f"{quoted(self.kind)} are no points; expected {', '.join(KINDS)}")
        if self.activation not in ACTIVATIONS:
            told = f"{quoted(self.activation)} is no activation here"
            raise Refusal(f"{told}; expected {', '.join(ACTIVATIONS)}")
        if not 1 <= self.units <= MOST_HIDDEN:
            raise Refusal(f"{self.units} hidden units; expected 1 to {MOST_HIDDEN}")
        self.points = make_points(self.kind, self.count, self.seed)
        self.one()

    @property
    def net(self) -> BoundaryNet:
        """The net that is looked at, or the first of the three."""
        return self.nets[0]

    @property
    def are_three(self) -> bool:
        """Whether the three pictures of the article are side by side."""
        return len(self.nets) > 1

    def one(self) -> None:
        """A net of its own, from the start."""
        self.nets = [BoundaryNet(self.units, self.activation, self.seed)]

    def three(self) -> None:
        """The three of the article side by side, from the start; again: back to one."""
        if self.are_three:
            self.one()
        else:
            self.nets = [BoundaryNet(units, name, self.seed) for units, name in THREE]

    def train(self, epochs: int) -> None:
        """So many updates of each."""
        for net in self.nets:
            net.train(self.points, epochs)

    def begin(self) -> None:
        """Forget what was learnt; the points stay."""
        for net in self.nets:
            net.begin()

    def with_units(self, by: int) -> None:
        """More or fewer hidden units, from the start."""
        self.units = min(max(self.units + by, 1), MOST_HIDDEN)
        self.one()

    def next_activation(self) -> None:
        """The next activation, from the start."""
        place = ACTIVATIONS.index(self.activation)
        self.activation = ACTIVATIONS[(place + 1) % len(ACTIVATIONS)]
        self.one()

    def next_kind(self) -> None:
        """Other points; the nets begin anew."""
        kinds = list(KINDS)
        self.kind = kinds[(kinds.index(self.kind) + 1) % len(kinds)]
        self._draw_points()

    def next_seed(self) -> None:
        """Other points of this kind, and other weights."""
        self.seed += 1
        self._draw_points()
        for net in self.nets:
            net.seed = self.seed
        self.begin()

    def _draw_points(self) -> None:
        self.points, self.held = make_points(self.kind, self.count, self.seed), None
        self.begin()

    # The pointer

    def point(self, x: float, y: float) -> None:
        """Put the pointer somewhere; what it carries comes with it."""
        self.x, self.y = min(max(x, -EDGE), EDGE), min(max(y, -EDGE), EDGE)
        if self.held is not None:
            self.points = self.points.moved(self.held, self.x, self.y)

    def add(self, kind: int) -> None:
        """A point of a class where the pointer is.

        Raises:
            Refusal: there are too many.
        """
        if len(self.points) >= MOST:
            raise Refusal(f"there are {MOST} points already; d takes one away")
        self.points = self.points.with_point(self.x, self.y, kind)

    def remove(self) -> None:
        """Take the nearest point away."""
        self.held = None
        self.points = self.points.without(self.points.nearest(self.x, self.y))

    def grab(self) -> None:
        """Carry the nearest point, or put it down."""
        self.held = self.points.nearest(self.x, self.y) if self.held is None else None
        if self.held is not None:
            self.point(*self.points.x[self.held].tolist())
