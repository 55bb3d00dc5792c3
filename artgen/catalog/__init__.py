"""The catalog: its feature specification, its schema, reading, writing and validating."""

from artgen.catalog.features import BlockSpec, feature_blocks, feature_vector
from artgen.catalog.files import (
    load_schema,
    read_catalog,
    validate_catalog,
    with_digests,
    write_catalog,
    write_vectors,
)

__all__ = [
    "BlockSpec",
    "feature_blocks",
    "feature_vector",
    "load_schema",
    "read_catalog",
    "validate_catalog",
    "with_digests",
    "write_catalog",
    "write_vectors",
]
