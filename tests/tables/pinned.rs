//! The same bytes for the same specification and seed, whatever else is in it.

use super::{Folder, drawn, texts, written};
use holdline::expand::table::Format;

/// One column of most kinds.
const PINNED: &str = r#"
[[column]]
name = "code"
sequence = { start = 7, step = 3, text = "R-{:03}" }
[[column]]
name = "day"
date = { from = "2026-01-01", to = "2026-12-31", order = "sorted" }
[[column]]
name = "kind"
category = { values = ["tea", "coffee", "cake"], weights = [1, 2, 1] }
[[column]]
name = "price"
range = { from = 1.5, to = 5, step = 0.05 }
[[column]]
name = "quantity"
range = { from = 1, to = 6, shape = "skewed", skew = 2 }
[[column]]
name = "member"
boolean = { share = 0.4, exact = true }
[[column]]
name = "seat"
range = { from = 10, to = 19 }
unique = true
[[column]]
name = "note"
text = "{quantity} x {kind} at {price}"
missing = "50%"
[[column]]
name = "amount"
formula = "price * quantity * if(kind == 'cake', 1.5, 1) + random(0, 1)"
decimals = 2
"#;

/// The rows are from a program in another language that follows the rules in docs/tables.md, with a BLAKE3
/// and a `ChaCha8` written after their papers.
#[test]
fn the_first_rows_are_those_of_an_independent_implementation() {
    let folder = Folder::new("").with("pinned.toml", PINNED);
    let table = holdline::expand::table::Table::read(&folder.path("pinned.toml")).unwrap();
    let expected = "\
code,day,kind,price,quantity,member,seat,note,amount
R-007,2026-02-02,cake,3.55,1,false,10,1 x cake at 3.55,6.05
R-010,2026-02-22,coffee,2.30,2,false,12,2 x coffee at 2.30,5.22
R-013,2026-04-22,cake,4.90,1,false,16,1 x cake at 4.90,8.27
R-016,2026-05-30,cake,2.35,3,false,17,3 x cake at 2.35,10.66
R-019,2026-07-07,coffee,1.90,1,true,14,,2.13
R-022,2026-07-28,coffee,3.25,2,false,15,,6.51
R-025,2026-08-27,tea,2.40,1,true,11,,2.78
R-028,2026-12-21,cake,4.50,1,true,19,,7.25
";
    assert_eq!(written(&table, 11, 8, Format::Csv), expected);
    let line = r#"{"code":"R-007","day":"2026-02-02","kind":"cake","price":3.55,"quantity":1,"member":false,"seat":10,"note":"1 x cake at 3.55","amount":6.05}"#;
    assert_eq!(written(&table, 11, 8, Format::Jsonl).lines().next(), Some(line));
}

#[test]
fn a_column_added_or_moved_changes_no_other() {
    let alone = Folder::new(PINNED);
    let mut parts: Vec<_> =
        PINNED.trim().split("[[column]]").filter(|part| !part.trim().is_empty()).collect();
    parts.insert(0, "\nname = \"before\"\nrange = { from = 0, to = 9 }\n");
    parts.reverse();
    let other = Folder::new(&format!("[[column]]{}", parts.join("\n[[column]]")));
    let (alone, other) = (drawn(&alone.table(), 3, 10), drawn(&other.table(), 3, 10));
    for name in ["code", "day", "kind", "price", "quantity", "member", "seat", "note", "amount"] {
        assert_eq!(texts(&alone, name), texts(&other, name), "{name}");
    }
    assert_eq!(other[0].cells().len(), 10);
}

#[test]
fn the_first_rows_do_not_depend_on_how_many_are_drawn() {
    let table = Folder::new(PINNED).table();
    let (few, many) = (drawn(&table, 5, 4), drawn(&table, 5, 10));
    for name in ["code", "kind", "price", "quantity", "seat", "note", "amount"] {
        assert_eq!(texts(&few, name)[..], texts(&many, name)[..4], "{name}");
    }
}

#[test]
fn what_is_missing_changes_neither_the_other_cells_nor_what_is_computed_from_it() {
    let spec = |more: &str| {
        format!(
            "[[column]]\nname = \"n\"\nrange = {{ from = 1, to = 99 }}\n{more}\n[[column]]\nname = \"twice\"\nformula = \"n * 2\"\n"
        )
    };
    let whole = drawn(&Folder::new(&spec("")).table(), 1, 400);
    let holed = drawn(&Folder::new(&spec("missing = \"25%\"")).table(), 1, 400);
    assert_eq!(texts(&whole, "twice"), texts(&holed, "twice"));
    let empty = holed.iter().filter(|row| row.get("n").unwrap().is_empty()).count();
    assert!(super::expected(empty, 400, 0.25), "{empty}");
    for (whole, holed) in whole.iter().zip(&holed).filter(|(_, holed)| !holed.get("n").unwrap().is_empty()) {
        assert_eq!(whole.number("n"), holed.number("n"));
    }
}

#[test]
fn another_seed_another_table_name_and_another_column_name_draw_something_else() {
    let folder =
        Folder::new(PINNED).with("other.toml", PINNED).with("renamed.toml", &PINNED.replace("price", "cost"));
    let table = |name: &str| holdline::expand::table::Table::read(&folder.path(name)).unwrap();
    let prices = |name: &str, seed, column| texts(&drawn(&table(name), seed, 10), column);
    let first = prices("demo.toml", 1, "price");
    assert_eq!(first, prices("demo.toml", 1, "price"));
    assert_ne!(first, prices("demo.toml", 2, "price"));
    assert_ne!(first, prices("other.toml", 1, "price"));
    assert_ne!(first, prices("renamed.toml", 1, "cost"));
}
