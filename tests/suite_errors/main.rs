//! What people read when a suite file has mistakes in it.

mod documents;
mod expand;
mod expectations;
mod files;
mod gate;
mod inputs;
mod pace;
mod quarantine;
mod shape;
mod tables;
mod targets;
mod templates;

use holdline::suite::load;
use std::fs;
use std::path::Path;

const HEAD: &str = "feature = \"Routes requests\"\nlabels = [\"travel\", \"work\"]\n\n[target]\nhttp = \"http://127.0.0.1:8080/route\"\nreply = { label = \"/a\", retrieved = \"/r\", calls = \"/c\", usage = \"/u\" }\n";

/// Writes files into a fresh folder, loads `suites/demo.toml`, and returns what is told.
fn told(files: &[(&str, &str)]) -> String {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    match load(root.path(), Path::new("suites/demo.toml")) {
        Ok(_) => "no mistakes".to_owned(),
        Err(mistakes) => mistakes.render(100, false),
    }
}

/// What is told of a suite with these scenarios.
fn scenarios(text: &str) -> String {
    told(&[("suites/demo.toml", &format!("{HEAD}{text}")), ("suites/data/requests.csv", REQUESTS)])
}

/// What is told of a suite whose one scenario expects this.
fn expecting(expect: &str) -> String {
    scenarios(&format!(
        "[[scenario]]\nname = \"books a flight\"\ninputs = [\"fly me to Rome\"]\nexpect = {expect}\n"
    ))
}

/// What is told of a suite with this target.
fn target(text: &str) -> String {
    told(&[(
        "suites/demo.toml",
        &format!(
            "feature = \"Routes requests\"\n\n{text}\n\n[[scenario]]\nname = \"books a flight\"\ninputs = [\"fly me to Rome\"]\nexpect = {{ contains = \"Rome\" }}\n"
        ),
    )])
}

/// What is told of a suite with this gate.
fn gate(text: &str) -> String {
    scenarios(&format!(
        "[[scenario]]\nname = \"books a flight\"\ninputs = [\"fly me to Rome\"]\nexpect = {{ label = \"travel\" }}\n\n[gate.metrics]\n{text}\n"
    ))
}

const REQUESTS: &str = "item_id,domain,split,query\n\
    t-0,travel,test,how would you say fly in italian\n\
    t-1,work,test,i want to switch to direct deposit\n\
    t-2,banking,oos_test,\"what is\nmy balance\"\n";

fn not_utf8() -> String {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("suites")).unwrap();
    fs::write(root.path().join("suites/demo.toml"), b"feature = \"Routes\"\nlabels = [\"caf\xe9\"]\n")
        .unwrap();
    load(root.path(), Path::new("suites/demo.toml")).unwrap_err().render(100, false)
}
