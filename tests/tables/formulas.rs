//! What formulas come to, by hand.

use super::{Folder, numbers, rows};

/// 2026-03-07 is a Saturday.
const ROW: &str = r#"
[season.wave]
month = { mar = 2 }
hour = { "14" = 1.5 }
[tables.one]
values = [{ key = "k", blank = "", half = 0.5 }, { key = "k", half = 0.5 }]
[[column]]
name = "ref"
reference = { table = "one", column = "key" }
[[column]]
name = "seven"
range = { from = 7, to = 7 }
[[column]]
name = "tea"
category = ["green"]
[[column]]
name = "yes"
boolean = { share = 1 }
[[column]]
name = "day"
date = { from = "2026-03-07", to = "2026-03-07" }
[[column]]
name = "moment"
datetime = { from = "2026-03-07", to = "2026-03-07", hours = "14:35-14:36" }
[[column]]
name = "x"
"#;

fn value(formula: &str) -> String {
    let rows = rows(&format!("{ROW}formula = \"{formula}\"\n"), 1, 1);
    rows[0].text("x").unwrap().into_owned()
}

#[test]
fn formulas_compute_what_they_say() {
    for (formula, result) in [
        ("1 + 2 * 3 - 4 / 8", "6.5"),
        ("-seven % 4", "-3"),
        ("(seven - 1) * ref.half", "3"),
        ("min(seven, 3, 5) + max(1, 2)", "5"),
        ("round(2.345, 1) + floor(-1.5) + ceil(1.2) + abs(-3)", "5.3"),
        ("sqrt(seven + 2)", "3"),
        ("if(tea == 'green' and not (seven < 7), 10, 20)", "10"),
        ("if(seven != 7 or yes, 'a', 'b')", "a"),
        ("if(1 > 2, 1 / (seven - 7), 5)", "5"),
        ("year(day) * 10000 + month(day) * 100 + day(moment)", "20260307"),
        ("weekday(day) * 100 + hour(moment)", "614"),
        ("minute(time(moment))", "35"),
        ("date(moment) == day", "true"),
        ("days('2026-03-01', moment)", "6"),
        ("day >= '2026-03-07' and day < '2026-03-08'", "true"),
        ("season(day)", "2"),
        ("season('wave', moment)", "3"),
        ("season(time(moment))", "1.5"),
    ] {
        assert_eq!(value(formula), result, "{formula}");
    }
}

#[test]
fn what_is_empty_makes_what_is_computed_from_it_empty() {
    let spec = r#"
[tables.one]
file = "one.csv"
[[column]]
name = "ref"
reference = { table = "one", column = "key" }
[[column]]
name = "sum"
formula = "ref.price + 1"
[[column]]
name = "safe"
formula = "if(empty(ref.price), -1, ref.price)"
"#;
    let folder = Folder::new(spec).with("one.csv", "key,price\na,2\nb,\n");
    for row in super::drawn(&folder.table(), 1, 50) {
        let a = row.text("ref").unwrap() == "a";
        assert_eq!(
            (row.number("sum"), row.number("safe")),
            if a { (Some(3.0), Some(2.0)) } else { (None, Some(-1.0)) }
        );
    }
}

#[test]
fn noise_is_normal_and_drawn_anew_in_each_row() {
    let noise = numbers("[[column]]\nname = \"x\"\nformula = \"noise(2)\"\n", "x", 10_000);
    let mean = noise.iter().sum::<f64>() / 1e4;
    let variance = noise.iter().map(|x| x * x).sum::<f64>() / 1e4;
    // Standard errors: 2 / 100 of the mean, and 4 · sqrt(2 / 10⁴) of the variance.
    assert!(mean.abs() < 4.0 * 0.02 && (variance - 4.0).abs() < 4.0 * 0.0566, "{mean} {variance}");
}

#[test]
fn a_formula_that_fails_in_a_row_says_which_and_where() {
    let spec = "[[column]]\nname = \"n\"\nsequence = { start = -2 }\n[[column]]\nname = \"x\"\nformula = \"1 / n\"\n";
    let mut rows = Folder::new(spec).table().rows(1, 5).unwrap();
    assert_eq!(rows.next().unwrap().unwrap().number("x"), Some(-0.5));
    assert_eq!(rows.next().unwrap().unwrap().number("x"), Some(-1.0));
    let mistake = rows.next().unwrap().unwrap_err().to_string();
    assert!(
        mistake.contains("divides by zero in row 3 of `demo`") && mistake.contains("demo.toml:6:11"),
        "{mistake}"
    );
    assert!(rows.next().is_none());
    let huge = "[[column]]\nname = \"x\"\nformula = \"sqrt(0 - 1)\"\n";
    let mistake = Folder::new(huge).table().rows(1, 1).unwrap().next().unwrap().unwrap_err().to_string();
    assert!(mistake.contains("gives no finite number"), "{mistake}");
}
