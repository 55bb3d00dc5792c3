"""Reading and writing catalog.json and vectors.parquet."""

import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from artgen.catalog.checking import first_fault
from artgen.catalog.features import vector_length
from artgen.errors import InputError, machine_faults
from artgen.folder import sha256_of, write_json, write_through
from artgen.records import CATALOG_FORMAT, Catalog

MOST_BYTES = 1 << 30  # a catalog of a title has some megabytes; a gigabyte is a mistake or an attack


class _Format(msgspec.Struct):
    format: int


def read_catalog(path: Path) -> Catalog:
    """Read a catalog and hold it to its format: types, ids, references, ranges and paths.

    The files it names are not opened. Fields this version does not know are passed over.

    Raises:
        InputError: it is missing, no catalog, of a newer format, or wrong somewhere; the message names the place.
        MachineError: it may not be read.
    """
    try:
        with machine_faults(path):
            if path.stat().st_size > MOST_BYTES:
                raise InputError(
                    f"{path} has more than {MOST_BYTES >> 20} MB; it is no catalog of one title."
                )
            data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise InputError(f"{path} is missing; run artgen export to write a catalog.") from fault
    except IsADirectoryError as fault:
        raise InputError(f"{path} is a folder; give the catalog.json in it.") from fault
    try:
        found = msgspec.json.decode(data, type=_Format).format
        if found > CATALOG_FORMAT or found < 1:
            raise InputError(
                f"{path} has format {found}, this artgen reads up to {CATALOG_FORMAT}; update artgen."
            )
        catalog = msgspec.json.decode(data, type=Catalog)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise InputError(f"{path} is no catalog ({fault}); export it again.") from fault
    wrong = first_fault(catalog)
    if wrong is not None:
        raise InputError(f"{path} is not a sound catalog: {wrong}; export it again.")
    return catalog


def write_catalog(catalog: Catalog, path: Path) -> None:
    """Write catalog.json, whole, the same bytes for the same catalog.

    Raises:
        ValueError: the catalog breaks a rule of its own format.
        MachineError: the disk is full, or the place may not be written.
    """
    wrong = first_fault(catalog)
    if wrong is not None:
        raise ValueError(f"not a sound catalog: {wrong}")
    write_json(path, catalog)


def with_digests(catalog: Catalog, folder: Path) -> Catalog:
    """The catalog with the SHA-256 of every file of its variants; they lie in `folder`.

    Raises:
        MachineError: a file may not be read.
    """
    variants = []
    for variant in catalog.variants:
        titled = variant.titled
        if titled is not None:
            titled = replace(titled, sha256=sha256_of(folder / titled.file))
        variants.append(replace(variant, sha256=sha256_of(folder / variant.file), titled=titled))
    return replace(catalog, variants=tuple(variants))


def write_vectors(catalog: Catalog, path: Path) -> None:
    """Write one Parquet row a variant: id, theme, still, aspect, vector (fixed-size list of float16).

    Rows and values are those of catalog.json, in its order.

    Raises:
        MachineError: the disk is full, or the place may not be written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    variants, length = catalog.variants, vector_length(catalog.features)
    columns = {
        "id": [variant.id for variant in variants],
        "theme": [variant.theme for variant in variants],
        "still": [variant.still for variant in variants],
        "aspect": [variant.aspect for variant in variants],
    }
    flat = np.array([variant.vector for variant in variants], dtype=np.float16).reshape(-1)
    arrays = [pa.array(column, type=pa.string()) for column in columns.values()]
    arrays.append(pa.FixedSizeListArray.from_arrays(pa.array(flat, type=pa.float16()), length))
    table = pa.Table.from_arrays(arrays, names=[*columns, "vector"])
    write_through(path, lambda beside: pq.write_table(table, beside, compression="zstd"))


def load_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of catalog.json, as shipped."""
    text = resources.files("artgen.catalog").joinpath("catalog.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def validate_catalog(path: Path) -> Catalog:
    """Read a catalog as read_catalog does, after holding it to the JSON Schema; slow, for checks.

    Raises:
        InputError: as read_catalog, or where the schema is not met; the message names the place.
    """
    from jsonschema import Draft202012Validator

    catalog = read_catalog(path)
    errors = Draft202012Validator(load_schema()).iter_errors(json.loads(path.read_bytes()))
    worst = min(errors, key=lambda error: (error.json_path, error.message), default=None)
    if worst is not None:
        raise InputError(f"{path} does not meet the schema at {worst.json_path}: {worst.message[:300]}.")
    return catalog
