//! Several models in rotation: which is asked what, and what each came to.

use crate::model::Model;
use crate::world::{candidates, described, of, report, synth, well};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;

fn pair(more: &str) -> (Model, Model, String) {
    let good = Model::start(|number, body| well(2 * number, body));
    let bad = Model::start(|_, _| StatusCode::INTERNAL_SERVER_ERROR.into_response());
    let settings = described("good", good.port, "concurrency = 1") + &described("bad", bad.port, "") + more;
    (good, bad, settings)
}

#[test]
fn each_model_gets_every_other_request_and_is_told_by_itself() {
    let (good, bad, settings) = pair("[prices.judge-model-1]\ninput = 100\noutput = 1000\n");
    let project = of(&settings);
    let arguments = ["--model", "good", "--model", "bad", "--count", "8", "--batch", "1", "--json", "o.json"];
    let ran = synth(&project, &arguments).expect(0);
    assert_eq!((good.sent().len(), bad.sent().len()), (4, 4));
    // 10 tokens read and 5 written for each of four replies: 4 · (10 · 100 + 5 · 1000) / 1,000,000.
    ran.says(&[
        "4 of 8 delivered",
        "good: 4 replies, 40 + 20 tokens, 0.0240 USD",
        "answered as `judge-model-1`",
        "0.0060 USD for a candidate that was delivered",
        "bad: 0 replies, 4 without a reply that can be used, 4 requests in all",
        "500 Internal Server Error",
    ]);
    let report = report(&project, "o.json");
    assert_eq!(report["yields"]["by_model"]["good"]["delivered"], 4);
    assert_eq!(report["yields"]["by_model"]["bad"]["requested"], 4);
    assert_eq!(report["models"][1]["errors"], json!({ "no_reply": 4 }));
    assert!((report["models"][0]["cost"].as_f64().unwrap() - 0.024).abs() < 1e-12);
    for candidate in candidates(&project) {
        assert_eq!(candidate["variant"]["made"]["model"]["model"], "good");
    }
}

#[test]
fn the_project_says_who_writes_and_where_it_does_not_somebody_must() {
    let (good, bad, settings) = pair("");
    let project = of(&settings);
    synth(&project, &["--count", "2"]).expect(2).says(&[
        "which model is to write? holdline.toml describes `bad`, `good`",
        "`[synth] models = [\"bad\"]`",
    ]);
    assert_eq!(good.sent().len() + bad.sent().len(), 0);
    project.write("holdline.toml", &(settings + "[synth]\nmodels = [\"good\"]\n"));
    synth(&project, &["--count", "2"]).expect(0).says(&["2 of 2 delivered"]);
    assert_eq!(bad.sent().len(), 0);
    synth(&project, &["--count", "2", "--model", "nobody"])
        .expect(2)
        .says(&["holdline.toml does not describe the model `nobody`"]);
}
