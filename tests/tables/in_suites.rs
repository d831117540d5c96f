//! Tables as the inputs of a scenario.

use super::Folder;
use holdline::expand::cases_of;
use holdline::suite::load;
use holdline::suite::schema::Origin;
use serde_json::json;
use std::path::Path;

const SALES: &str = r#"
[tables.products]
file = "products.csv"
[[column]]
name = "order"
sequence = { start = 1001 }
[[column]]
name = "product"
reference = { table = "products", column = "name" }
[[column]]
name = "amount"
formula = "product.price * 2"
decimals = 2
"#;

fn folder(inputs: &str) -> Folder {
    let suite = format!(
        "feature = \"Predicts sales\"\nseed = 4\n[target]\nhttp = \"http://127.0.0.1:1/\"\nbody = {{ sale = \"{{{{ input }}}}\", order = \"{{{{ row.order }}}}\" }}\nreply = {{ output = \"/amount\" }}\n[[scenario]]\nname = \"predicts\"\ninputs = {inputs}\nexpect = {{ number = {{ value = \"{{{{ row.amount }}}}\" }} }}\n"
    );
    Folder::new("")
        .with("suites/sales.toml", &suite)
        .with("suites/tables/sales.toml", SALES)
        .with("suites/tables/products.csv", "name,price\nTea,2.5\nCake,3\n")
}

fn suite(folder: &Folder) -> holdline::suite::Suite {
    load(folder.0.path(), Path::new("suites/sales.toml")).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn each_row_is_a_case_that_is_asked_without_its_hidden_columns() {
    let folder = folder("{ table = \"tables/sales.toml\", rows = 20, id = \"order\", hide = [\"amount\"] }");
    let suite = suite(&folder);
    let cases = cases_of(&suite).unwrap();
    assert_eq!(cases.len(), 20);
    for (at, case) in cases.iter().enumerate() {
        let tea = case.row.get("product") == Some(&json!("Tea"));
        let (product, amount) = if tea { ("Tea", 5.0) } else { ("Cake", 6.0) };
        assert_eq!(case.input, json!({ "order": 1001 + at, "product": product }));
        assert_eq!(case.row_id.as_deref(), Some((1001 + at).to_string().as_str()));
        assert_eq!(case.row.get("amount"), Some(&json!(amount)));
        assert_eq!(serde_json::to_value(&case.expect[0]).unwrap()["number"]["value"], json!(amount));
        assert_eq!(case.provenance.origin, Origin::Table);
        assert_eq!((&*case.provenance.place.file, case.provenance.place.line), ("suites/sales.toml", 9));
    }
}

#[test]
fn the_seed_is_that_of_the_suite_unless_the_scenario_has_its_own() {
    let products = |seed: &str| {
        let folder = folder(&format!("{{ table = \"tables/sales.toml\", rows = 40, id = \"order\"{seed} }}"));
        let rows: Vec<_> = suite(&folder).scenarios[0]
            .seeds
            .listed()
            .unwrap()
            .iter()
            .map(|seed| seed.row.get("product").cloned())
            .collect();
        rows
    };
    assert_eq!(products(""), products(", seed = 4"));
    assert_ne!(products(""), products(", seed = 5"));
}

#[test]
fn a_change_of_the_table_or_of_its_data_is_a_change_of_the_suite() {
    let inputs = "{ table = \"tables/sales.toml\", rows = 5, id = \"order\" }";
    let fingerprint = |folder: &Folder| suite(folder).fingerprint;
    let as_it_is = fingerprint(&folder(inputs));
    assert_eq!(as_it_is, fingerprint(&folder(inputs)));
    let products = folder(inputs).with("suites/tables/products.csv", "name,price\nTea,2.5\nCake,4\n");
    assert_ne!(as_it_is, fingerprint(&products));
    let columns = folder(inputs).with("suites/tables/sales.toml", &SALES.replace("* 2", "* 3"));
    assert_ne!(as_it_is, fingerprint(&columns));
}

#[test]
fn the_shipped_coffee_shop_sells_what_its_products_cost() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = holdline::expand::table::Table::read(&root.join("suites/tables/coffee-sales.toml")).unwrap();
    let mut products = csv::Reader::from_path(root.join("suites/tables/coffee-products.csv")).unwrap();
    let products: std::collections::BTreeMap<String, (String, String)> = products
        .records()
        .map(|record| record.unwrap())
        .map(|record| (record[0].to_owned(), (record[1].to_owned(), record[3].to_owned())))
        .collect();
    let mut last = String::new();
    for row in table.rows(1, 2000).unwrap() {
        let row = row.unwrap();
        let text = |name: &str| row.text(name).unwrap().into_owned();
        let (kind, price) = &products[&text("product")];
        assert_eq!((&text("type"), &text("price")), (kind, price));
        let moment = text("sold_at");
        assert!(moment >= last && ("07".."19").contains(&&moment[11..13]), "{moment}");
        last = moment;
        // Seasons go from 0.96 · 0.85 to 1.06 · 1.08, and noise has a standard deviation of 0.15.
        let (plain, amount) =
            (row.number("price").unwrap() * row.number("quantity").unwrap(), row.number("amount").unwrap());
        assert!(amount > 0.81 * plain - 0.9 && amount < 1.15 * plain + 0.9, "{plain} {amount}");
    }
}
