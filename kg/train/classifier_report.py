"""What a classifier gets right, class by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def _scores(right: int, found: int, wanted: int) -> dict[str, float]:
    return {
        "precision": round(right / found, 4) if found else 0.0,
        "recall": round(right / wanted, 4) if wanted else 0.0,
        "f1": round(2 * right / (found + wanted), 4) if right else 0.0,
        "support": wanted,
    }


def measure(labels: Sequence[str], wanted: np.ndarray, guessed: np.ndarray) -> dict[str, Any]:
    """Precision, recall, F1 and support of every class, their macro mean, and the confusion (rows: what was wanted).

    >>> report = measure(["a", "b"], np.array([0, 0, 1]), np.array([0, 1, 1]))
    >>> report["classes"]["a"], report["confusion"]
    ({'precision': 1.0, 'recall': 0.5, 'f1': 0.6667, 'support': 2}, [[1, 1], [0, 1]])
    """
    size = len(labels)
    confusion = np.bincount(wanted * size + guessed, minlength=size * size).reshape(size, size)
    classes = {
        label: _scores(int(confusion[row, row]), int(confusion[:, row].sum()), int(confusion[row].sum()))
        for row, label in enumerate(labels)
    }
    present = [one for one in classes.values() if one["support"]]
    macro = {name: round(sum(one[name] for one in present) / len(present), 4) for name in ("precision", "recall", "f1")}
    return {"classes": classes, "macro": macro, "confusion": confusion.tolist()}


def as_text(report: Mapping[str, Any]) -> str:
    """The report for a person."""
    labels = list(report["classes"])
    width = max(len("macro mean"), *(len(label) for label in labels))
    lines = [
        f"{report['data']}: learnt from {report['learnt']} texts, measured on {report['held_out']} held out",
        f"accuracy {report['accuracy']:.3f} (always the commonest class: {report['baseline_accuracy']:.3f}), "
        f"mean confidence {report['mean_confidence']:.3f}",
        "",
        f"{'':{width}}  precision  recall     F1  support",
    ]
    for label, one in report["classes"].items():
        lines.append(
            f"{label:{width}}  {one['precision']:9.3f}  {one['recall']:6.3f}  {one['f1']:5.3f}  {one['support']:7d}"
        )
    macro = report["macro"]
    lines.append(f"{'macro mean':{width}}  {macro['precision']:9.3f}  {macro['recall']:6.3f}  {macro['f1']:5.3f}")
    lines += ["", "confusion (rows: what it is, columns: what was said)"]
    lines.append(" " * width + "".join(f"  {number:4d}" for number in range(1, len(labels) + 1)))
    for number, (label, row) in enumerate(zip(labels, report["confusion"], strict=True), 1):
        lines.append(f"{label:{width}}" + "".join(f"  {count:4d}" for count in row) + f"   {number}")
    return "\n".join(lines)
