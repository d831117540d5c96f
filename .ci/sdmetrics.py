"""Compares Holdline's figures of synthetic tables with those of SDMetrics.

    sdmetrics.py tables FOLDER      writes the tables, from fixed seeds
    sdmetrics.py golden FOLDER      prints what SDMetrics says of them, as JSON
    sdmetrics.py compare OLD NEW    fails where two such files differ

The versions that this was written with are in sdmetrics.sh.
"""

import csv
import json
import math
import random
import sys
import warnings
from pathlib import Path

# This file has the name of the package that it imports: its own folder must not be searched.
sys.path[:] = [path for path in sys.path if Path(path).resolve() != Path(__file__).resolve().parent]

# Name, rows of the real and of the synthetic table, share of missing values, and how far the synthetic
# table drifts.
TABLES = [
    ("plain", 200, 180, 0.0, 0.0),
    ("missing", 240, 300, 0.12, 0.5),
    ("ties", 150, 150, 0.05, 1.0),
    ("small", 30, 25, 0.1, 2.0),
]
NUMBERS = ["price", "amount", "quantity", "day"]
CATEGORIES = ["product", "payment", "loyal"]
COLUMNS = NUMBERS + CATEGORIES
TOLERANCE = 1e-9


def rows(seed, count, missing, drift, ties):
    draw = random.Random(seed)
    for _ in range(count):
        product = draw.choices(["espresso", "latte", "tea, green", "mocha"], [5, 4, 2 + 2 * drift, 1])[0]
        price = {"espresso": 2.2, "latte": 3.6, "tea, green": 2.0, "mocha": 4.1}[product]
        price = round(price + draw.gauss(0, 0.3 + 0.2 * drift), 0 if ties else 2)
        quantity = draw.choices([1, 2, 3, 7], [6, 3, 1, 0.2 + drift])[0]
        amount = round(price * quantity * (1 - 0.1 * drift) + draw.gauss(0, 0.5), 0 if ties else 3)
        payments = ["card", "cash", "app"] + (["crypto"] if drift else [])
        payment = draw.choices(payments, [3, 2, 2 + (quantity > 1)] + ([0.3] if drift else []))[0]
        day = f"2025-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
        loyal = draw.choice(["true", "false"]) if payment == "app" else "false"
        row = [price, amount, quantity, day, product, payment, loyal]
        yield ["" if draw.random() < missing else cell for cell in row]


def write_tables(folder):
    for seed, (name, real, synth, missing, drift) in enumerate(TABLES):
        for side, count, part in (("real", real, 0), ("synth", synth, 1)):
            with open(folder / f"{name}-{side}.csv", "w", newline="") as file:
                out = csv.writer(file, lineterminator="\n")
                out.writerow(COLUMNS)
                out.writerows(rows(2 * seed + part, count, missing, drift * part, name == "ties"))


def golden(folder):
    import numpy as np
    import pandas as pd
    import sdmetrics
    from sdmetrics.column_pairs import ContingencySimilarity, CorrelationSimilarity
    from sdmetrics.single_column import CategoryCoverage, KSComplement, RangeCoverage, TVComplement
    from sdmetrics.single_table.privacy.dcr_utils import calculate_dcr
    from sklearn.metrics import normalized_mutual_info_score

    warnings.simplefilter("ignore")

    def read(path):
        table = pd.read_csv(path, keep_default_na=False, na_values={name: [""] for name in COLUMNS},
                            dtype={name: object for name in CATEGORIES}, parse_dates=["day"])
        return table

    def number(value):
        return None if value is None or math.isnan(value) else float(value)

    def binned(real, synth, column):
        """Places of values, as SDMetrics cuts numbers; missing is a place of its own."""
        if column in CATEGORIES:
            return [side[column].fillna("\0missing").astype(str) for side in (real, synth)]
        values = [side[column] for side in (real, synth)]
        if column == "day":
            values = [(side - pd.Timestamp("1970-01-01")).dt.total_seconds() for side in values]
        edges = np.histogram_bin_edges(values[0].dropna(), bins=10)
        edges[0], edges[-1] = -np.inf, np.inf
        return [pd.Series(np.digitize(side, bins=edges)) for side in values]

    def entry(name):
        real, synth = (read(folder / f"{name}-{side}.csv") for side in ("real", "synth"))
        out = {"table": name, "columns": [], "pairs": []}
        for column in COLUMNS:
            figures = {"column": column}
            if column in NUMBERS:
                figures["ks_complement"] = number(KSComplement.compute(real[column], synth[column]))
                figures["coverage"] = number(RangeCoverage.compute(real[column], synth[column]))
            else:
                figures["tv_complement"] = number(TVComplement.compute(real[column], synth[column]))
                figures["coverage"] = number(CategoryCoverage.compute(real[column], synth[column]))
                # SDMetrics counts each value that only the synthetic table has as a millionth of a row
                # of the real one.
                new = set(synth[column].dropna()) - set(real[column].dropna())
                figures["weight_of_new"] = 1e-6 * len(new) / int(real[column].notna().sum())
            out["columns"].append(figures)
        for at, first in enumerate(COLUMNS):
            for second in COLUMNS[at + 1:]:
                pair = [first, second]
                figures = {"columns": pair}
                if first in NUMBERS and second in NUMBERS:
                    for coefficient in ("Pearson", "Spearman"):
                        of = CorrelationSimilarity.compute_breakdown(real[pair], synth[pair], coefficient)
                        figures[coefficient.lower()] = {key: number(of[key]) for key in ("real", "synthetic", "score")}
                a, b = binned(real, synth, first), binned(real, synth, second)
                tables = [pd.DataFrame({first: a[side], second: b[side]}) for side in (0, 1)]
                figures["contingency_similarity"] = number(ContingencySimilarity.compute(*tables))
                figures["mutual_information"] = [normalized_mutual_info_score(a[side], b[side]) for side in (0, 1)]
                out["pairs"].append(figures)
        kinds = {name: {"sdtype": "numerical"} for name in NUMBERS}
        kinds["day"] = {"sdtype": "datetime", "datetime_format": "%Y-%m-%d"}
        kinds |= {name: {"sdtype": "categorical"} for name in CATEGORIES}
        distances = calculate_dcr(dataset=synth, reference_dataset=real, metadata={"columns": kinds})
        out["distance"] = {"median": float(distances.median()), "p5": float(distances.quantile(0.05))}
        return out

    return {"sdmetrics": sdmetrics.__version__, "tolerance": TOLERANCE, "tables": [entry(name) for name, *_ in TABLES]}


def differences(old, new, place=""):
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        for key in old:
            # Another version may say the same.
            if key != "sdmetrics":
                yield from differences(old[key], new[key], f"{place}/{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, (a, b) in enumerate(zip(old, new)):
            yield from differences(a, b, f"{place}/{at}")
    elif isinstance(old, float) and isinstance(new, float):
        if abs(old - new) > TOLERANCE:
            yield f"{place}: {old} is now {new}"
    elif old != new:
        yield f"{place}: {old} is now {new}"


def main():
    what, *paths = sys.argv[1:]
    if what == "tables":
        write_tables(Path(paths[0]))
    elif what == "golden":
        print(json.dumps(golden(Path(paths[0])), indent=1))
    elif what == "compare":
        old, new = (json.loads(Path(path).read_text()) for path in paths)
        found = list(differences(old, new))
        print("\n".join(found) or f"equal to SDMetrics {new['sdmetrics']}")
        sys.exit(bool(found))
    else:
        sys.exit(__doc__)


main()
