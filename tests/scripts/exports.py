"""Reads every set in a folder with `datasets` and compares what it finds with `expected.json` there."""

import json
import pathlib
import sys

from datasets import load_dataset

folder = pathlib.Path(sys.argv[1])
wrong = 0
for expected in json.loads((folder / "expected.json").read_text()):
    file = folder / expected["file"]
    # pandas takes texts such as NA and None for nothing, unless it is told not to.
    options = {"keep_default_na": False} if expected["loader"] == "csv" else {}
    rows = load_dataset(expected["loader"], data_files={"train": str(file)}, split="train", **options)
    texts = []
    for row in rows:
        for step in expected["path"]:
            row = row[step]
        texts.append(str(row))
    columns = list(rows.features)
    if columns != expected["columns"]:
        wrong += 1
        print(f"{file.name}: the columns are {columns}, and not {expected['columns']}")
    if texts != expected["texts"]:
        wrong += 1
        print(f"{file.name}: the texts are {texts!r}, and not {expected['texts']!r}")
    print(f"{file.name}: {len(rows)} rows read by load_dataset({expected['loader']!r})")
sys.exit(1 if wrong else 0)
