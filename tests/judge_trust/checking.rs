//! What a check says of a judge: its checks so far, its canary, and the rate of a run corrected.

use crate::world::{
    CANARY, JUDGE, Model, contrary, judged, label, labels, number, people, record, talk, verdict,
};
use serde_json::{Value, json};

/// What was said, with days and runs put in that are the same every time.
fn timeless(said: &str) -> String {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::system()).date().to_string();
    let utc = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
    said.replace(&today, "[today]").replace(&utc, "[today]")
}

/// A line of the judge's history.
fn past(day: &str, judge: &str, kappa: f64) -> String {
    json!({
        "at": format!("{day}T10:00:00Z"), "judge": judge, "models": ["judge-model-0\u{1b}[31m"], "positive": "unresolved",
        "true_positives": 12, "false_positives": 2, "false_negatives": 8, "true_negatives": 38, "ungraded": 0,
        "accuracy": 0.833_333, "tpr": 0.6, "tnr": 0.95, "kappa": kappa,
    })
    .to_string()
        + "\n"
}

#[test]
fn a_check_says_what_is_known_of_a_judge_over_time() {
    // Two answers of 60 are called otherwise than people call them.
    let model = Model::start(|_, data| {
        let n = number(data);
        verdict(if n == 3 || n == 4 { contrary(n) } else { people(n) })
    });
    let project = judged(&model, &labels(60));
    let history = "suites/judges/resolved.history.jsonl";
    let old: String = (1..=9).map(|n| past(&format!("2026-10-0{n}"), "00000000000000ff", 0.597)).collect();
    project.write(history, &(old + &past("2026-11-01", "00000000000000fe", 0.6)));
    project.holdline(&["judge", "freeze", "resolved"]).expect(0);
    let ran = project.holdline(&["judge", "check", "resolved"]).expect(0);
    insta::assert_snapshot!("check", timeless(&ran.out));
    let lines = project.read(history);
    assert_eq!(lines.lines().count(), 11);
    let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["true_positives"], &last["false_positives"], &last["tpr"]),
        (&json!(19), &json!(1), &json!(0.95))
    );

    // The file is changed: what was frozen is another judge's.
    project.write("suites/judges/resolved.toml", &JUDGE.replace("solves it", "solves it fully"));
    let ran = project.holdline(&["judge", "check", "resolved", "--require"]).expect(0);
    let ran = ran.says(&["stale: the judge was changed since; `holdline judge freeze resolved`"]);
    assert_eq!(ran.out.matches("---------- the judge was changed").count(), 3, "{}", ran.out);

    // In CI a check leaves no trace.
    project.holdline_in_ci(&["judge", "check", "resolved"]).expect(0).says(&["Over time"]);
    assert_eq!(project.read(history).lines().count(), 12);

    // Files that somebody damaged are told, and nothing is asked.
    let asked = model.asked();
    project.write(history, "<<<<<<< HEAD\n");
    project
        .holdline(&["judge", "check", "resolved"])
        .expect(2)
        .says(&["no line of a judge's history", "history.jsonl:1:1"]);
    project.write(history, "");
    project.write(CANARY, &project.read(CANARY).replace("\"format\":1", "\"format\":7"));
    project
        .holdline(&["judge", "check", "resolved"])
        .expect(2)
        .says(&["this canary has format 7", "freeze it again"]);
    assert_eq!(model.asked(), asked);
}

#[test]
fn a_judge_that_flips_too_often_may_not_gate_however_well_it_agrees() {
    // The second verdict on every fourth answer is another one.
    let model = Model::start(|before, data| {
        let n = number(data);
        let is_other = n.is_multiple_of(4) && before == 1;
        verdict(if is_other { contrary(n) } else { people(n) })
    });
    let project = judged(&model, &labels(120));
    project
        .holdline(&["judge", "freeze", "resolved"])
        .expect(0)
        .says(&["5 % are too many: it must not gate"]);
    project.holdline(&["judge", "check", "resolved", "--require"]).expect(3).says(&[
        "kappa           1.000",
        "It may report, and must not gate:\n  - asked the same again it gave",
        "5 % are too many to gate",
    ]);
}

#[test]
fn the_rate_of_a_run_is_shown_as_the_judge_sees_it_and_corrected() {
    // The exercise of the lecture: 4 of the 5 unresolved answers are called so, and 4 of the 10 resolved ones.
    let model = Model::start(|_, data| {
        verdict(if [1, 2, 3, 4, 6, 7, 8, 9].contains(&number(data)) { "unresolved" } else { "resolved" })
    });
    let labels: String = (1..=15).map(|n| label(n, if n <= 5 { "unresolved" } else { "resolved" })).collect();
    let project = judged(&model, &labels);
    let check = || project.holdline(&["judge", "check", "resolved"]).expect(0);
    check().says(&["Rate of `unresolved` in a run, corrected: not known"]);
    let (_app, suite) = talk();
    project.write("suites/talk.toml", &suite);
    project.holdline(&["run"]).expect(0);
    check().says(&["it needs a run in which this judge judged answers"]);

    // As if what `contains` said of the ten had been said by the judge: 6 of 10 fail.
    let (path, mut record) = record(&project);
    for case in record["suites"][0]["cases"].as_array_mut().unwrap() {
        let is_many = case["scenario"] == 0;
        for verdict in case["graded"]["verdicts"].as_array_mut().unwrap() {
            if is_many {
                verdict["judge"] = json!("resolved");
                verdict["model"] = json!({ "judge": "resolved" });
            }
        }
    }
    std::fs::write(&path, record.to_string()).unwrap();
    // By Rogan and Gladen (0.6 + 0.6 − 1)/0.4 = 50 %, to both ends of the scale with 10 cases.
    // Labels: 5 of 15 positive, 8 of 15 called so, covariance 4/45. All that is called positive: 14 of 25.
    // λ = (4/45)/((1 + 15/10) · 14·11/25²) = 0.144300; 1/3 + λ·(0.6 − 8/15) = 34.3 %.
    // var(labels − λ·called) = 2/9 − 2λ·4/45 + λ²·56/225 = 0.201751;
    // SE² = λ²·0.24/10 + 0.201751/15 = 0.0139498, SE 0.118109, times 1.96: 23.1 points either way.
    let said = timeless(&check().out);
    let begin = said.find("Rate of").unwrap();
    let end = said.find("\nCanary").unwrap();
    let run = record["run"].as_str().unwrap();
    insta::assert_snapshot!("corrected", said[begin..end].replace(run, "[run]"));
}
