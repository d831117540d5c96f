//! Keeps the table in `docs/metrics.md` equal to the metrics that there are.

use super::{Direction, Gating, Metric, Scope, Unit, catalogue};

const BEGIN: &str = "<!-- table: written by `HOLDLINE_WRITE_SCHEMA=1 cargo test published` -->\n";
const END: &str = "<!-- end of the table -->\n";

/// A row of the table.
fn row(metric: &Metric) -> String {
    let name = metric.name;
    let keys = match metric.scope {
        Scope::Suite => format!("`{name}`"),
        Scope::Label => format!("`{name}[label]`"),
        Scope::Scenario => format!("`{name}`, `{name}@scenario`"),
        Scope::Operators => format!("`{name}`, `{name}@scenario`, `{name}~family`"),
        Scope::Tag => format!("`{name}`, `{name}@scenario`, `{name}#tag`, `{name}~family`"),
    };
    let better = match metric.direction {
        Direction::Higher => "more",
        Direction::Lower => "less",
        Direction::Neither => "–",
    };
    let unit = match (metric.unit, metric.range) {
        (Unit::Share, _) => "share, 0 to 1",
        (Unit::Coefficient, (least, _)) if least < -1.0 => "at most 1",
        (Unit::Coefficient, (least, _)) if least < 0.0 => "−1 to 1",
        (Unit::Coefficient, _) => "0 to 1",
        (Unit::Number, _) => "that of the numbers",
        (Unit::Count, _) => "count",
        (Unit::Milliseconds, _) => "milliseconds",
        (Unit::Money, _) => "money",
        (Unit::Ratio, _) => "ratio",
    };
    let gates = match (metric.gates, metric.direction) {
        (Gating::Cases | Gating::Entries, _) => "tested by case",
        (Gating::Counts, _) => "tested as a ratio of counts",
        (Gating::Families, _) => "tested by what each seed with its variants adds",
        (Gating::Distances, _) => "tested by the error of each case",
        (Gating::Scores, _) => "tested by the score of each case",
        (Gating::Times, _) => "tested by the ratio of each case, on an equal host",
        (Gating::Floor, Direction::Lower) => "ceiling only",
        (Gating::Floor, _) => "floor only",
        (Gating::Shown, _) => "shown only",
    };
    format!("| {keys} | {} | {better} | {unit} | {gates} |\n", metric.what)
}

#[test]
fn the_published_table_is_that_of_the_metrics() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/metrics.md");
    let published = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    let (before, rest) = published.split_once(BEGIN).expect("the table's beginning");
    let (_, after) = rest.split_once(END).expect("the table's end");
    let rows: String = catalogue().iter().map(row).collect();
    let table = format!(
        "\n| metric | what it measures | better | unit | gates |\n| --- | --- | --- | --- | --- |\n{rows}\n"
    );
    let due = format!("{before}{BEGIN}{table}{END}{after}");
    if std::env::var_os("HOLDLINE_WRITE_SCHEMA").is_some() {
        std::fs::write(path, due).unwrap();
        return;
    }
    assert!(
        published == due,
        "docs/metrics.md is out of date: run `HOLDLINE_WRITE_SCHEMA=1 cargo test published`"
    );
}
