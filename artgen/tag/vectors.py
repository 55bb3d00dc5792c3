"""Vectors beside the JSON files: Parquet with one row a vector, the same bytes for the same rows."""

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from artgen.folder import write_whole


def write_vectors(path: Path, columns: dict[str, Sequence[str]], vectors: NDArray[np.float16]) -> None:
    """Write text columns and a `vector` column (fixed-size lists of float16), whole.

    Args:
        path: the file.
        columns: name to one value a row.
        vectors: (n, d), as many rows as the columns have values.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    flat = pa.array(np.ascontiguousarray(vectors).reshape(-1), type=pa.float16())
    arrays = [pa.array(list(values), type=pa.string()) for values in columns.values()]
    arrays.append(pa.FixedSizeListArray.from_arrays(flat, vectors.shape[1]))
    table = pa.Table.from_arrays(arrays, names=[*columns, "vector"])
    held = io.BytesIO()
    pq.write_table(table, held, compression="zstd")
    write_whole(path, held.getvalue())
