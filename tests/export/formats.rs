//! Every format as it is written.

use crate::project::Project;
use crate::{answered, manifest, project, rows, variant};
use serde_json::json;

/// Two questions with a right answer, one of them with a wrong one as well, and one answer that says what it is.
fn desk() -> Project {
    project(&[
        answered(
            "parcels",
            "when does my order come?",
            "training",
            "You can track it, \"live\".\nIn the app.",
        ),
        variant("parcels", "is the courier late again?", "training", |line| {
            line["row"] =
                json!({ "reference": "Please track it.", "rejected": ["=HYPERLINK(\"x\")", "No idea."] });
            line["made"]["licence"] = json!("CC0-1.0");
        }),
        variant("parcels", "do you deliver on Sundays?", "training", |line| {
            line["row"] = json!({
                "output": "Yes, always.", "verdict": "fail", "reason": "made up", "contexts": ["Monday to Friday."]
            });
        }),
        answered("parcels", "this one is to be asked alone", "evaluation", "Not for training."),
    ])
}

fn write(project: &Project, arguments: &[&str], file: &str) -> String {
    let ran = project.holdline(&[&["export", "--out", file], arguments].concat()).expect(0);
    let text = project.read(file);
    // The manifest names the file by its bytes.
    let name = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let manifest = manifest(project, &format!("{name}.manifest.json"));
    assert_eq!(manifest["files"][0]["blake3"], blake3_hex(&text), "{}", ran.out);
    text
}

fn blake3_hex(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

#[test]
fn the_page_and_the_manifest_tell_what_is_in_a_set_and_what_is_not() {
    let project = desk();
    let ran = project.holdline(&["export", "--format", "chat", "--out", "set.jsonl"]).expect(0);
    insta::assert_snapshot!("page", ran.out);
    let manifest = project.read("set.manifest.json").replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::assert_snapshot!("manifest", manifest);
}

#[test]
fn chat_has_a_list_of_messages_for_each_good_answer() {
    let text = write(&desk(), &["--format", "chat"], "set.jsonl");
    insta::assert_snapshot!(text);
}

#[test]
fn what_the_application_is_told_about_itself_stands_before_every_dialogue() {
    let project = desk();
    project.write("system.txt", "You answer about parcels.\n");
    write(&project, &["--format", "chat", "--system", "system.txt"], "set.jsonl");
    let rows = rows(&project, "set.jsonl");
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert_eq!(row["messages"][0], json!({ "role": "system", "content": "You answer about parcels." }));
        assert_eq!(row["messages"].as_array().unwrap().len(), 3);
    }
}

#[test]
fn preference_has_a_pair_for_every_answer_that_has_a_counterpart() {
    let text = write(&desk(), &["--format", "preference"], "set.jsonl");
    insta::assert_snapshot!(text);
}

#[test]
fn trl_has_messages_pairs_or_answers_with_a_label() {
    let project = desk();
    let sft = write(&project, &["--format", "trl"], "sft.jsonl");
    assert_eq!(sft, write(&project, &["--format", "chat"], "chat.jsonl"));
    let pairs = write(&project, &["--format", "trl", "--task", "preference"], "pairs.jsonl");
    let unpaired = write(&project, &["--format", "trl", "--task", "unpaired"], "unpaired.jsonl");
    insta::assert_snapshot!(format!("{pairs}\n{unpaired}"));
}

#[test]
fn alpaca_is_a_list_with_the_passages_as_input() {
    let project = desk();
    let text = write(&project, &["--format", "alpaca"], "set.json");
    insta::assert_snapshot!(text);
    assert!(serde_json::from_str::<serde_json::Value>(&text).unwrap().is_array());
}

#[test]
fn csv_keeps_every_text_as_it_is_and_tells_of_formulas() {
    let project = desk();
    let ran = project.holdline(&["export", "--format", "csv", "--out", "set.csv"]).expect(0);
    ran.says(&["1 cell begins as formulas do"]);
    let text = project.read("set.csv");
    insta::assert_snapshot!(text.replace("\r\n", "<CRLF>\n"));
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let answers: Vec<String> = reader.records().map(|row| row.unwrap()[10].to_owned()).collect();
    assert!(answers.contains(&"You can track it, \"live\".\nIn the app.".to_owned()), "{answers:?}");
    assert!(answers.contains(&"=HYPERLINK(\"x\")".to_owned()), "{answers:?}");
}

#[test]
fn a_table_for_spreadsheets_has_no_formulas_and_says_that_it_is_not_for_training() {
    let project = desk();
    let ran =
        project.holdline(&["export", "--format", "csv", "--for-spreadsheets", "--out", "set.csv"]).expect(0);
    ran.says(&["train on", "1 cell begins with '"]);
    let mut reader = csv::Reader::from_path(project.path("set.csv")).unwrap();
    let answers: Vec<String> = reader.records().map(|row| row.unwrap()[10].to_owned()).collect();
    assert!(answers.contains(&"'=HYPERLINK(\"x\")".to_owned()), "{answers:?}");
    assert!(!answers.iter().any(|answer| answer.starts_with('=')));
}

#[test]
fn a_set_is_printed_where_no_file_is_named_and_told_of_beside() {
    let project = desk();
    let ran = project.holdline(&["export", "--format", "chat"]).expect(0);
    assert_eq!(ran.out.lines().count(), 2);
    assert!(ran.out.lines().all(|line| line.starts_with("{\"messages\":")));
    assert!(ran.err.contains("2 rows of 2 examples"), "{}", ran.err);
}

#[test]
fn options_that_say_nothing_to_the_format_are_refused() {
    let project = desk();
    for (arguments, told) in [
        (&["--format", "chat", "--task", "preference"][..], "--task"),
        (&["--format", "csv", "--system", "x"], "--system"),
        (&["--format", "chat", "--for-spreadsheets"], "--for-spreadsheets"),
        (&["--format", "chat", "--split", "a=1"], "--out"),
        (&["--format", "chat", "--balance", "0.5"], "no balance"),
        (&["--format", "chat", "--split", "a=0.5", "--out", "x"], "0.5000 in all"),
        (&["--format", "chat", "--suite", "nobody"], "there is no suite `nobody`"),
    ] {
        project.holdline(&[&["export"], arguments].concat()).expect(2).says(&[told]);
    }
}

#[test]
fn a_dialogue_keeps_its_turns_where_the_format_has_room_for_them() {
    let project = project(&[]);
    let suite = crate::DESK.replace(
        "inputs = [\"where is my parcel?\"]\n",
        "inputs = [\"where is my parcel?\"]\ntags = [\"approved:training\"]\nconversation = [{ user = \"and when does it come?\" }]\n",
    );
    project.write(
        "suites/desk.toml",
        &suite.replace("recorded = \"desk.answers.jsonl\"", "command = [\"sh\", \"answer.sh\"]"),
    );
    project.write("answer.sh", "read line; case \"$line\" in *when*) echo '{\"output\":\"Tomorrow.\"}';; *) echo '{\"output\":\"Which one?\"}';; esac\n");
    project.holdline(&["run", "desk"]);
    project.holdline(&["export", "--format", "trl", "--task", "unpaired", "--out", "set.jsonl"]).expect(0);
    let rows = rows(&project, "set.jsonl");
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(
        rows[0]["prompt"],
        json!([
            { "role": "user", "content": "where is my parcel?" },
            { "role": "assistant", "content": "Which one?" },
            { "role": "user", "content": "and when does it come?" }
        ])
    );
    assert_eq!(
        (&rows[0]["completion"][0]["content"], &rows[0]["label"]),
        (&json!("Tomorrow."), &json!(false))
    );
    project
        .holdline(&["export", "--format", "csv", "--out", "set.csv"])
        .expect(2)
        .says(&["1 with several turns"]);
    assert!(!project.path("set.csv").exists());
}

/// A text that breaks what is not careful: quotes, line breaks, separators, marks that hide, wide characters.
const HARD: &str = "=1+1, \"quoted\";\r\n\ttabs 日本 \u{2028}\u{202e}é\u{0301}👩\u{200d}👧 \\n None";

/// Every format in a folder, with what a loader must find in each file: for the check with loaders of others
/// (`tests/scripts/exports.sh`), which says where.
#[test]
fn every_format_is_written_for_the_loaders_of_others() {
    let project = project(&[
        answered("parcels", "when does my order come?", "training", HARD),
        variant("parcels", &format!("{HARD} asked"), "training", |line| {
            line["row"] = json!({ "reference": "None", "rejected": ["NA", "-1"] });
        }),
        answered("parcels", "is the courier late again?", "training", "Please track it."),
    ]);
    // By the ids of the examples, as they are written.
    let asked =
        |text: &str| project.holdline(&["export", "--format", "csv"]).expect(0).out.find(text).unwrap();
    let mut order = [("when does", HARD), ("asked", "None"), ("is the courier", "Please track it.")];
    order.sort_by_key(|(text, _)| asked(text));
    let good: Vec<&str> = order.iter().map(|(_, answer)| *answer).collect();
    let all: Vec<&str> = good
        .iter()
        .flat_map(|answer| if *answer == "None" { vec!["None", "-1", "NA"] } else { vec![*answer] })
        .collect();
    let expected = json!([
        { "file": "chat.jsonl", "loader": "json", "columns": ["messages"], "path": ["messages", -1, "content"], "texts": good },
        { "file": "preference.jsonl", "loader": "json", "columns": ["prompt", "chosen", "rejected"],
          "path": ["rejected"], "texts": ["-1", "NA"] },
        { "file": "trl-sft.jsonl", "loader": "json", "columns": ["messages"], "path": ["messages", -1, "content"], "texts": good },
        { "file": "trl-preference.jsonl", "loader": "json", "columns": ["prompt", "chosen", "rejected"],
          "path": ["rejected", 0, "content"], "texts": ["-1", "NA"] },
        { "file": "trl-unpaired.jsonl", "loader": "json", "columns": ["prompt", "completion", "label"],
          "path": ["completion", 0, "content"], "texts": all },
        { "file": "alpaca.json", "loader": "json", "columns": ["instruction", "input", "output"], "path": ["output"], "texts": good },
        { "file": "csv.csv", "loader": "csv",
          "columns": ["id", "family", "suite", "scenario", "split", "source", "label", "difficulty", "prompt",
                      "contexts", "answer", "why", "licence"],
          "path": ["answer"], "texts": all },
    ]);
    let out =
        std::env::var("HOLDLINE_EXPORTS_OUT").map_or_else(|_| project.path("out"), std::path::PathBuf::from);
    for of in expected.as_array().unwrap() {
        let file = of["file"].as_str().unwrap();
        let (format, task) = file
            .split_once('.')
            .unwrap()
            .0
            .split_once('-')
            .unwrap_or((file.split_once('.').unwrap().0, "sft"));
        let path = out.join(file).display().to_string();
        project.holdline(&["export", "--format", format, "--task", task, "--out", &path]).expect(0);
        let rows = match of["loader"].as_str().unwrap() {
            "csv" => csv::Reader::from_path(&path).unwrap().records().map(Result::unwrap).count(),
            _ if format == "alpaca" => {
                let list: Vec<serde_json::Value> =
                    serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
                list.len()
            }
            _ => std::fs::read_to_string(&path).unwrap().lines().count(),
        };
        assert_eq!(rows, of["texts"].as_array().unwrap().len(), "{file}");
    }
    std::fs::write(out.join("expected.json"), expected.to_string()).unwrap();
}
