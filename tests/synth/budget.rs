//! Limits of money, tokens and time.

use crate::model::Model;
use crate::world::{project, report, synth, well};
use serde_json::json;
use std::time::Duration;

const PRICED: &str = "concurrency = 1\n[prices.judge-model-1]\ninput = 1000\noutput = 1000";
const SIX: [&str; 8] = ["--scenario", "finds-parcels", "--count", "6", "--batch", "1", "--json", "o.json"];

#[test]
fn tokens_and_money_end_it_with_4_and_more_of_them_go_on() {
    // A request takes 15 tokens, which cost 0.015.
    for limit in [["--max-tokens", "47"], ["--max-cost", "0.047"]] {
        let model = Model::start(well);
        let project = project(&model, PRICED);
        let ran = synth(&project, &[&SIX[..], &limit].concat()).expect(4);
        ran.says(&["3 of 6 delivered", "is used up", "not_asked", "The same command goes on"]);
        assert_eq!(model.sent().len(), 3);
        let report = report(&project, "o.json");
        assert_eq!(report["errors"], json!({ "not_asked": 3 }));
        assert_eq!(report["end"]["end"], "budget");
        synth(&project, &SIX).expect(0).says(&["6 of 6 delivered, 3 of them new", "3 from the disk"]);
        assert_eq!(model.sent().len(), 6);
    }
}

#[test]
fn the_limits_of_the_project_hold_where_nothing_else_is_said() {
    let model = Model::start(well);
    let project = project(&model, &format!("{PRICED}\n[budget]\nmax_tokens = 20"));
    synth(&project, &SIX).expect(4).says(&["1 of 6 delivered", "20 tokens"]);
    synth(&project, &[&SIX[..], &["--max-tokens", "1000"]].concat()).expect(0);
}

#[test]
fn a_limit_that_cannot_be_kept_is_no_limit_and_ends_it_with_2() {
    let model = Model::start(well);
    let unpriced = project(&model, "");
    synth(&unpriced, &[&SIX[..], &["--max-cost", "1"]].concat())
        .expect(2)
        .says(&["`max_cost` cannot be kept, since holdline.toml has no [prices]"]);
    assert_eq!(model.sent().len(), 0);
    let other = project(&model, "[prices.another]\ninput = 1\noutput = 1");
    synth(&other, &[&SIX[..], &["--max-cost", "1"]].concat())
        .expect(2)
        .says(&["cannot be kept: holdline.toml has no [prices.\"judge-model-1\"]"]);
    synth(&other, &[&SIX[..], &["--max-cost", "0"]].concat()).expect(2).says(&["nothing could be asked"]);
}

#[test]
fn when_the_time_is_used_up_it_ends_with_4() {
    let model = Model::start(|number, body| {
        if number > 1 {
            std::thread::sleep(Duration::from_secs(30));
        }
        well(number, body)
    });
    let project = project(&model, "concurrency = 1");
    synth(&project, &[&SIX[..], &["--max-time", "2s"]].concat()).expect(4).says(&[
        "2 of 6 delivered",
        "the time is used up (`max_time`)",
        "not_asked",
    ]);
}
