//! Sixty queries written by a real model: filtered, with every rejection counted by its reason, reviewed by a script,
//! and run as cases without any model, the same on two machines.

use crate::project::{App, Project, Ran};
use crate::proxy::Proxy;
use crate::server::NAME;
use serde_json::{Value, json};
use std::process::Stdio;

/// Queries that are asked for.
const WANTED: u64 = 60;

fn suite(port: u16) -> String {
    format!(
        r#"feature = "Answers customers of a shop for bird feeders"
[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message" }}
[[scenario]]
name = "finds parcels"
why = "a lost parcel is the most frequent question"
inputs = ["Where is my parcel?", "The tracking page has said the same for a week"]
expect = {{ contains = "parcel" }}
"#
    )
}

/// Sixty were asked for; every draft that came was let in or has a reason, and what did not come is told. How many
/// were let in.
fn adds_up(report: &Value) -> usize {
    let all = &report["yields"]["all"];
    let number = |of: &Value| of.as_u64().unwrap();
    let sum = |of: &Value| of.as_object().unwrap().values().filter_map(Value::as_u64).sum::<u64>();
    assert_eq!(number(&all["requested"]), WANTED, "{report}");
    assert_eq!(number(&all["delivered"]) + sum(&all["rejected"]), number(&all["drafted"]), "{report}");
    let missing = sum(&report["errors"]) + number(&report["too_few"]);
    assert!(number(&all["drafted"]) + missing >= WANTED, "{report}");
    usize::try_from(number(&all["delivered"])).unwrap()
}

fn run(project: &Project, arguments: &[&str]) -> Ran {
    Ran::of(project.command(arguments).stdin(Stdio::null()).output().unwrap())
}

/// What comes of the queries depends on the model; that nothing of it is lost, asked twice or different elsewhere
/// does not.
pub fn sixty_queries(port: u16) {
    let proxy = Proxy::start(port);
    let app = App::start(|text| json!({ "message": format!("your parcel: {text}") }));
    let model = format!(
        "[models.writer]\nbase_url = \"http://127.0.0.1:{}/v1\"\nmodel = \"{NAME}\"\ntemperature = 0.9\n\
         max_tokens = 400\nstructure = \"schema\"\ntimeout = \"20m\"\nretries = 0\nconcurrency = 2\n",
        proxy.port
    );
    let suite = suite(app.port);
    let project = Project::new(&[("holdline.toml", &model), ("suites/shop.toml", &suite)]);
    let asking = [
        "synth",
        "shop",
        "--count",
        "60",
        "--batch",
        "3",
        "--knob",
        "style=formal,casual,terse,upset",
        "--knob",
        "length=short,medium",
        "--json",
        "synth.json",
    ];
    let ran = run(&project, &asking);
    assert!(matches!(ran.code, Some(0 | 3)), "{ran:?}");
    let report: Value = serde_json::from_str(&project.read("synth.json")).unwrap();
    let delivered = adds_up(&report);
    println!("{}", ran.out);
    let replies = proxy.replies();
    assert!(replies >= 20, "{replies} replies to 20 requests");

    // What has a reply is not asked for again.
    let errors: u64 = report["errors"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    run(&project, &asking);
    let again = u64::try_from(proxy.replies() - replies).unwrap();
    assert!(again <= 2 * errors, "{again} requests again, where {errors} drafts had no reply");

    // Requests that got no reply may have got one by now.
    let waiting = project.read(".holdline/candidates/shop.jsonl").lines().count();
    assert!(delivered > 0 && waiting >= delivered, "{waiting} of {delivered}: {}", ran.out);
    run(&project, &["review", "--variants", "shop", "--accept", "all", "--approve", "evaluation"]).expect(0);
    let variants = project.read("suites/shop.variants.jsonl");
    assert_eq!(variants.lines().count(), waiting);
    assert!(variants.lines().all(|line| line.contains("\"prompt\":\"") && line.contains("\"by\":\"Ada\"")));

    // Elsewhere there is neither a model nor what was asked of it.
    let elsewhere = Project::new(&[("suites/shop.toml", &suite), ("suites/shop.variants.jsonl", &variants)]);
    let list = |project: &Project| run(project, &["list"]).expect(0).out;
    assert_eq!(list(&project), list(&elsewhere));
    let asked = app.asked();
    run(&elsewhere, &["run", "--json", "run.json"]).expect(0);
    assert_eq!(app.asked() - asked, waiting + 2);
    let record: Value = serde_json::from_str(&elsewhere.read("run.json")).unwrap();
    let cases = record["suites"][0]["cases"].as_array().unwrap();
    assert!(cases.iter().all(|case| case["graded"]["outcome"] == "pass"));
}
