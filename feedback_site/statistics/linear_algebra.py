"""The little linear algebra that driver analysis and propensity models need; matrices are lists of rows."""

import math
from collections.abc import Sequence

from feedback_site.statistics.validation import require

Matrix = Sequence[Sequence[float]]

_RANK_TOLERANCE = 1e-12
_JACOBI_TOLERANCE = 1e-32
_MAX_SWEEPS = 100


def solve_symmetric(matrix: Matrix, right: Sequence[float]) -> list[float | None]:
    """Solve a symmetric positive semi-definite system by elimination in column order.

    A column that the earlier ones already explain gets None (an aliased coefficient, as in R's glm).
    """
    size = len(right)
    rows = [[*map(float, matrix[i]), float(right[i])] for i in range(size)]
    used: list[int] = []
    for k in range(size):
        if rows[k][k] <= _RANK_TOLERANCE * abs(matrix[k][k]) or rows[k][k] <= 0:
            continue
        used.append(k)
        for i in range(size):
            if i != k and rows[i][k] != 0:
                factor = rows[i][k] / rows[k][k]
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[k], strict=True)]
    return [rows[k][size] / rows[k][k] if k in used else None for k in range(size)]


def solve_regular(matrix: Matrix, right: Sequence[float]) -> list[float]:
    """Solve a symmetric positive definite system; ValueError when a column repeats others."""
    solution = solve_symmetric(matrix, right)
    known = [value for value in solution if value is not None]
    require(len(known) == len(solution), "columns must not be constant or repeat one another")
    return known


def symmetric_eigen(matrix: Matrix) -> tuple[list[float], list[list[float]]]:
    """Return eigenvalues and the matrix whose columns are the eigenvectors.

    Cyclic Jacobi, Golub & Van Loan 8.5.
    """
    size = len(matrix)
    rows = [list(map(float, row)) for row in matrix]
    vectors = [[float(i == j) for j in range(size)] for i in range(size)]
    for _ in range(_MAX_SWEEPS):
        if sum(rows[i][j] ** 2 for i in range(size) for j in range(i)) <= _JACOBI_TOLERANCE:
            break
        for p in range(size - 1):
            for q in range(p + 1, size):
                _rotate(rows, vectors, p, q)
    return [rows[i][i] for i in range(size)], vectors


def _rotate(rows: list[list[float]], vectors: list[list[float]], p: int, q: int) -> None:
    """Zero the element (p, q) in place."""
    if rows[p][q] == 0:
        return
    theta = (rows[q][q] - rows[p][p]) / (2 * rows[p][q])
    tangent = math.copysign(1, theta) / (abs(theta) + math.hypot(theta, 1))
    cosine = 1 / math.hypot(tangent, 1)
    sine = tangent * cosine
    for row in (*rows, *vectors):
        row[p], row[q] = cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]
    first, second = rows[p], rows[q]
    rows[p] = [cosine * x - sine * y for x, y in zip(first, second, strict=True)]
    rows[q] = [sine * x + cosine * y for x, y in zip(first, second, strict=True)]
