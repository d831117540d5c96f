//! What stands in each kind of column.

use super::{Folder, column, count, drawn, expected, numbers, rows, texts};
use std::collections::BTreeSet;
use std::fmt::Write as _;

#[test]
fn ranges_keep_their_bounds_their_step_and_their_decimals() {
    let spec = "[[column]]\nname = \"x\"\nrange = { from = -1, to = 1.5, step = 0.25 }\n";
    let all: BTreeSet<String> = column(spec, "x", 2000).into_iter().collect();
    let grid = ["-0.25", "-0.50", "-0.75", "-1.00", "0.00", "0.25", "0.50", "0.75", "1.00", "1.25", "1.50"];
    assert_eq!(all, grid.map(str::to_owned).into());
    let whole = "[[column]]\nname = \"x\"\nrange = { from = 3, to = 5 }\n";
    assert_eq!(
        column(whole, "x", 200).into_iter().collect::<BTreeSet<_>>(),
        ["3", "4", "5"].map(str::to_owned).into()
    );
    let uneven = "[[column]]\nname = \"x\"\nrange = { from = 0, to = 10, step = 4 }\n";
    assert_eq!(
        column(uneven, "x", 200).into_iter().collect::<BTreeSet<_>>(),
        ["0", "4", "8"].map(str::to_owned).into()
    );
}

/// Of a normal distribution 68.27 % lie within one standard deviation; the bounds at three lose 0.27 %.
#[test]
fn a_normal_range_lies_around_its_mean() {
    let spec = "[[column]]\nname = \"x\"\nrange = { from = 0, to = 60, mean = 30, sd = 10, shape = \"normal\" }\ndecimals = 3\n";
    let all = numbers(spec, "x", 10_000);
    let mean = all.iter().sum::<f64>() / 1e4;
    assert!((mean - 30.0).abs() < 0.4, "{mean}");
    let near = all.iter().filter(|x| (**x - 30.0).abs() < 10.0).count();
    assert!(expected(near, 10_000, 0.6827 / 0.9973), "{near}");
    assert!(all.iter().all(|x| (0.0..=60.0).contains(x)));
}

#[test]
fn categories_come_by_weight_and_exactly_where_that_is_asked_for() {
    let spec = |more: &str| {
        format!(
            "[[column]]\nname = \"x\"\ncategory = {{ values = [\"a\", \"b\", \"c\"], weights = [5, 3, 2]{more} }}\n"
        )
    };
    let drawn = column(&spec(""), "x", 4000);
    for (value, share) in [("a", 0.5), ("b", 0.3), ("c", 0.2)] {
        assert!(expected(count(&drawn, value), 4000, share), "{value}");
    }
    // 33 rows: 16.5, 9.9 and 6.6; the two largest remainders get what is left.
    let exact = column(&spec(", exact = true"), "x", 33);
    assert_eq!(["a", "b", "c"].map(|value| count(&exact, value)), [16, 10, 7]);
    assert_ne!(exact, {
        let mut sorted = exact.clone();
        sorted.sort();
        sorted
    });
    let truth = "[[column]]\nname = \"x\"\nboolean = { share = \"30%\", exact = true }\n";
    assert_eq!(count(&column(truth, "x", 50), "true"), 15);
}

#[test]
fn weights_can_hang_on_another_column() {
    let spec = r#"
[[column]]
name = "type"
category = ["tea", "cake", "milk"]
[[column]]
name = "pay"
category = { values = ["card", "cash"], by = "type", weights = { tea = [1, 0], cake = [1, 3] }, otherwise = [0, 1] }
"#;
    let rows = rows(spec, 1, 3000);
    let (types, pays) = (texts(&rows, "type"), texts(&rows, "pay"));
    let cards = |wanted: &str| {
        let of: Vec<_> =
            types.iter().zip(&pays).filter(|(one, _)| *one == wanted).map(|(_, pay)| pay.clone()).collect();
        (count(&of, "card"), of.len())
    };
    let ((tea, teas), (cake, cakes), (milk, _)) = (cards("tea"), cards("cake"), cards("milk"));
    assert_eq!((tea, milk), (teas, 0));
    assert!(expected(cake, cakes, 0.25), "{cake} of {cakes}");
}

/// 2026-01-05 is a Monday.
#[test]
fn days_and_times_keep_to_their_windows() {
    let spec = r#"
[[column]]
name = "day"
date = { from = 2026-01-05, to = 2026-01-18, weekdays = ["mon", "sat"] }
[[column]]
name = "time"
time = { from = "23:00", to = "24:00", step = "20m" }
[[column]]
name = "moment"
datetime = { from = "2026-01-05", to = "2026-01-05", hours = "09:00-09:50", step = "25m" }
"#;
    let rows = rows(spec, 1, 300);
    let all = |name: &str| texts(&rows, name).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(
        all("day"),
        ["2026-01-05", "2026-01-10", "2026-01-12", "2026-01-17"].map(str::to_owned).into()
    );
    assert_eq!(all("time"), ["23:00:00", "23:20:00", "23:40:00"].map(str::to_owned).into());
    assert_eq!(all("moment"), ["2026-01-05T09:00:00", "2026-01-05T09:25:00"].map(str::to_owned).into());
}

#[test]
fn seasons_make_some_days_and_hours_likelier() {
    let spec = r#"
[season.rush]
weekday = { sat = 3, sun = 0 }
hour = { "8-9" = 2 }
[[column]]
name = "at"
datetime = { from = "2026-01-05", to = "2026-01-11", hours = "08:00-12:00", season = "rush", order = "sorted" }
"#;
    let moments = column(spec, "at", 6000);
    assert!(moments.is_sorted());
    let day = |day: &str| moments.iter().filter(|at| at.starts_with(day)).count();
    assert_eq!(day("2026-01-11"), 0);
    assert!(expected(day("2026-01-10"), 6000, 3.0 / 8.0) && expected(day("2026-01-06"), 6000, 1.0 / 8.0));
    let early = moments.iter().filter(|at| at[11..13] < *"10").count();
    assert!(expected(early, 6000, 4.0 / 6.0), "{early}");
}

#[test]
fn every_day_once_is_a_series_without_gaps() {
    let spec = "[[column]]\nname = \"day\"\ndate = { from = \"2026-02-27\", to = \"2026-03-02\", order = \"each\" }\n";
    assert_eq!(column(spec, "day", 4), ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]);
    let mistakes = Folder::new(spec).table().rows(1, 5).unwrap_err().to_string();
    assert!(
        mistakes.contains("`day` has 4 different values, and 5 rows are asked for")
            && mistakes.contains("demo.toml:3:8"),
        "{mistakes}"
    );
}

#[test]
fn unique_columns_never_repeat_and_run_out() {
    let spec = r#"
[tables.people]
rows = 30
[[tables.people.column]]
name = "id"
sequence = {}
[[column]]
name = "number"
range = { from = 1, to = 30 }
unique = true
[[column]]
name = "day"
date = { from = "2026-01-01", to = "2026-01-30" }
unique = true
[[column]]
name = "person"
reference = { table = "people", column = "id" }
unique = true
"#;
    let table = Folder::new(spec).table();
    let rows = drawn(&table, 1, 30);
    for name in ["number", "day", "person"] {
        let all = texts(&rows, name);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 30, "{name}");
        assert!(!all.is_sorted(), "{name}");
    }
    assert!(table.rows(1, 31).unwrap_err().to_string().contains("`number` has 30 different values"));
}

const SHOP: &str = r#"
[tables.products]
file = "products.csv"
[tables.shops]
values = [{ shop = "north", rent = 10 }, { shop = "south", rent = 20.5 }]
[[column]]
name = "product"
reference = { table = "products", column = "name", weights = "sold" }
[[column]]
name = "price"
lookup = "product.list price"
[[column]]
name = "where"
reference = { table = "shops", column = "shop" }
[[column]]
name = "sum"
formula = "product.sold + where.rent"
[[column]]
name = "line"
text = "{product} in {where} for {product.list price}"
"#;

#[test]
fn references_pick_a_row_and_lookups_stay_in_it() {
    let folder = Folder::new(SHOP)
        .with("products.csv", "name,list price,sold\nTea,2.50,1\nCake,3.00,3\nNothing,9.99,0\n");
    let rows = drawn(&folder.table(), 1, 2000);
    let mut cakes = 0;
    for row in &rows {
        let (product, place) = (row.text("product").unwrap(), row.text("where").unwrap());
        let (price, sold) = if product == "Tea" { ("2.50", 1.0) } else { ("3.00", 3.0) };
        let rent = if place == "north" { 10.0 } else { 20.5 };
        assert_eq!(row.text("price").unwrap(), price);
        assert_eq!(row.number("sum"), Some(sold + rent));
        assert_eq!(row.text("line").unwrap(), format!("{product} in {place} for {price}"));
        assert_ne!(product, "Nothing");
        cakes += usize::from(product == "Cake");
    }
    assert!(expected(cakes, 2000, 0.75), "{cakes}");
}

#[test]
fn tables_refer_to_drawn_tables_that_refer_to_others() {
    let spec = r#"
[tables.cities]
values = [{ city = "Rome" }, { city = "Oslo" }]
[tables.people]
rows = 5
seed = 9
[[tables.people.column]]
name = "name"
sequence = { text = "P{}" }
[[tables.people.column]]
name = "city"
reference = { table = "cities", column = "city" }
[[column]]
name = "who"
reference = { table = "people", column = "name" }
[[column]]
name = "from"
lookup = "who.city"
"#;
    let table = Folder::new(spec).table();
    let cities = |seed| {
        let rows = drawn(&table, seed, 300);
        texts(&rows, "who").into_iter().zip(texts(&rows, "from")).collect::<BTreeSet<_>>()
    };
    // Five people, each in one city; and with a seed of their own they live there in every table.
    assert_eq!(cities(1).len(), 5);
    assert_eq!(cities(1), cities(2));
}

#[test]
fn outliers_are_few_far_and_seen_by_others() {
    let spec = r#"
[[column]]
name = "n"
range = { from = 1, to = 9 }
outliers = { share = "5%", times = [10, 20] }
[[column]]
name = "twice"
formula = "n * 2"
decimals = 0
"#;
    let rows = rows(spec, 1, 2000);
    let far = rows.iter().filter(|row| row.number("n").unwrap() > 9.0).count();
    assert!(expected(far, 2000, 0.05), "{far}");
    for row in &rows {
        let n = row.number("n").unwrap();
        assert!(n <= 9.0 || (10.0..=180.0).contains(&n), "{n}");
        assert_eq!(row.number("twice"), Some(n * 2.0));
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let table = Folder::new("[[column]]\nname = \"n\"\nsequence = {}\n").table();
    assert!(table.rows(0, 1_000_000).is_ok());
    assert!(table.rows(0, 1_000_001).unwrap_err().to_string().contains("1000000 rows at most"));
    let mut grows = "[[column]]\nname = \"t0\"\ntext = \"twice\"\n".to_owned();
    for at in 1..200 {
        let before = at - 1;
        writeln!(grows, "[[column]]\nname = \"t{at}\"\ntext = \"{{t{before}}}{{t{before}}}\"").unwrap();
    }
    let row = Folder::new(&grows).table().rows(0, 1).unwrap().next().unwrap();
    assert!(row.unwrap_err().to_string().contains("`t14` is a text of more than 65536 bytes in row 1"));
}
