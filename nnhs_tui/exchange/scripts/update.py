"""The piece of a script that changes the parameters: the rule, and what is around it."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.exchange.scripts.language import Language, Lines, indented, literal, shown
from nnhs_tui.exchange.scripts.parts import Parts, Trained
from nnhs_tui.operations.optimizer import BY_VALUE, Optimizer
from nnhs_tui.operations.spellings import RATE_SPELLINGS, UPDATE_SPELLINGS


def numbers_of(optimizer: Optimizer, parts: Parts, language: Language) -> Iterator[str]:
    """The numbers of the update, and what it keeps, before the first round."""
    for name, value in optimizer.numbers.items():
        yield f"{name} = {literal(value)}"
    if optimizer.weight_decay:
        yield f"weight_decay = {literal(optimizer.weight_decay)}"
    if optimizer.clip is not None:
        yield f"limit = {literal(optimizer.clip.limit)}"
    if optimizer.differs_by_count:
        yield "updates = 0"
    for each in changed(parts):
        for part in optimizer.keeps:
            yield f"{language.names(f'{part} {each.quantity}')} = 0.0"


def changed(parts: Parts) -> list[Trained]:
    """The parameters that updates touch."""
    return [each for each in parts.trained if not each.is_frozen]


def update(optimizer: Optimizer, language: Language, parts: Parts) -> Lines:
    """New parameters, of which those that are frozen stay."""
    touched = changed(parts)
    lines: Lines = ["# Update"] if parts.trained else []
    lines += [f"# {each.name} is frozen." for each in parts.trained if each.is_frozen]
    if touched and optimizer.differs_by_count:
        lines.append("updates = updates + 1")
    if touched and optimizer.schedule is not None:
        numbers = {name: literal(value) for name, value in optimizer.schedule.numbers}
        written = RATE_SPELLINGS[optimizer.schedule.kind]
        lines.append(f"lr = {written.format(done='(updates - 1)', **numbers)}")
    steps = list(_norm(optimizer, language, touched)) if optimizer.has_norm else []
    for each in touched:
        steps += _steps(optimizer, language, each)
    if language.finds_gradients and touched:
        lines += ["with torch.no_grad():", *indented(steps)]
        lines += [f"{each.name}.requires_grad_()" for each in touched]
    else:
        lines += steps
    kept = [
        (f"{part} {each.quantity}", language.names(f"{part} {each.quantity}"))
        for part in optimizer.keeps
        for each in touched
    ]
    return lines + shown(
        language, [*kept, *((f"new {each.quantity}", each.name) for each in parts.trained)]
    )


def _norm(optimizer: Optimizer, language: Language, touched: list[Trained]) -> Iterator[str]:
    """The size of all gradients together."""
    add = "torch.sum" if language.finds_gradients else "np.sum"
    yield "squares = 0.0"
    for each in touched:
        squares = language.rounded(f"{each.gradient} ** 2")
        if each.frozen:
            yield f"new = {squares}"
            yield from (f"new[{at}] = 0.0  # frozen" for at in each.frozen)
            squares = "new"
        yield f"squares = squares + {add}({squares})"
    root = "torch.sqrt" if language.finds_gradients else "np.sqrt"
    yield f"norm = {language.rounded(f'{root}(squares)')}"


def _steps(optimizer: Optimizer, language: Language, each: Trained) -> Iterator[str]:
    """The update of one parameter."""
    spelled = UPDATE_SPELLINGS[optimizer.rule.name]
    rate = "learning_rate" if optimizer.schedule is None else "lr"
    g = each.gradient
    if optimizer.clip is not None:
        yield f"g = {_clipped(optimizer, language, g)}"
        g = "g"
    if optimizer.adds_decay and each.decays:
        decay = language.rounded(f"weight_decay * {each.name}")
        yield f"g = {language.rounded(f'{g} + {decay}')}"
        g = "g"
    texts = {"g": g, "lr": rate, "k": "updates"}
    for part in optimizer.rule.parts:
        own = part.name
        if part.is_kept:
            own = language.names(f"{part.name} {each.quantity}")
        texts[part.name] = own
        written = language.inner(spelled.parts[part.name], **texts)
        yield f"{own} = {language.rounded(written)}"
        if part.is_kept:
            yield from (f"{own}[{at}] = 0.0  # frozen" for at in each.frozen)
    yield f"step = {language.rounded(language.inner(spelled.step, **texts))}"
    beside = ""
    if optimizer.decays_beside and each.decays:
        beside = f" - {language.rounded(f'{rate} * weight_decay * {each.name}')}"
    new = language.rounded(f"{each.name}{beside} - step")
    if each.frozen:
        yield f"new = {new}"
        yield from (f"new[{at}] = {each.name}[{at}]  # frozen" for at in each.frozen)
        new = "new"
    yield f"{each.name} = {new}"


def _clipped(optimizer: Optimizer, language: Language, g: str) -> str:
    """A gradient within its limit."""
    assert optimizer.clip is not None
    if optimizer.clip.kind == BY_VALUE:
        return f"{'torch.clip' if language.finds_gradients else 'np.clip'}({g}, -limit, limit)"
    return f"{language.rounded(f'{g} * limit / norm')} if norm > limit else {g}"
