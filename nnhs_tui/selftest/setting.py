"""What a self-test is about: enough to ask the same questions again, on another day too."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from nnhs_tui.autodiff.levels import LEVELS
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.scenario.loading import from_text
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.variants import variant

PHASES = (FORWARD, BACKWARD, UPDATE)


@dataclass(frozen=True)
class Setting:
    """The questions of a self-test."""

    name: str
    """The scenario's."""
    path: str
    """The scenario's file."""
    text: str
    """What the file held then: it may be another one by now, or gone."""
    digits: int
    arithmetic: str = "exact"
    """Which numbers hints show. Both arithmetics are accepted."""
    level: str = "node"
    phases: tuple[str, ...] = PHASES
    only: tuple[str, ...] = ()
    """The quantities that are asked, where not all of them are."""
    seed: int | None = None
    """Of other numbers for the same shape; None: the file's own."""
    beside: str | None = None
    """What its data file held then; None: it has none."""

    def scenario(self) -> Scenario:
        """The scenario with the numbers that are asked for.

        Raises:
            NnhsError: the text is no scenario (any more), or has no numbers for this seed.
        """
        named = replace(from_text(self.text, self.path, beside=self.beside), name=self.name)
        return named if self.seed is None else variant(named, self.seed)

    def as_data(self) -> dict[str, Any]:
        """The setting as JSON holds it."""
        return asdict(self)


def following(setting: Setting, went_wrong: tuple[str, ...]) -> list[Setting]:
    """The other things there are to ask, from the one behind this on: everything, what went
    wrong, a phase by itself; each with the products, or as a worksheet has it.
    """
    whole = replace(setting, phases=PHASES, only=())
    choices = [whole, *([replace(whole, only=went_wrong)] if went_wrong else ())]
    choices += [replace(whole, phases=(each,)) for each in PHASES]
    if setting.level != "layer":
        choices.append(replace(whole, level="neuron" if setting.level == "node" else "node"))
    at = choices.index(setting) if setting in choices else -1
    return [*choices[at + 1 :], *choices[: at + 1]]


def setting_of(data: Any) -> Setting | None:
    """A setting out of JSON; None where it is none."""
    try:
        made = Setting(
            **{**data, "phases": tuple(data["phases"]), "only": tuple(data.get("only", ()))}
        )
    except (TypeError, KeyError, AttributeError):
        return None
    texts = (made.name, made.path, made.text, *made.only)
    is_sound = (
        all(isinstance(each, str) for each in texts)
        and isinstance(made.digits, int)
        and 0 <= made.digits <= 6
        and (made.beside is None or isinstance(made.beside, str))
        and made.arithmetic in ("exact", "hand")
        and made.level in LEVELS
        and bool(made.phases)
        and set(made.phases) <= set(PHASES)
        and (made.seed is None or (isinstance(made.seed, int) and made.seed >= 0))
    )
    return made if is_sound else None
