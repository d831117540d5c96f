//! The real cargo-insta on our pending baselines: what it accepts, our loader reads, byte for byte.
//!
//! Without cargo-insta the tests are skipped aloud; with `HOLDLINE_REQUIRE_CARGO_INSTA=1` they fail.

use holdline::baseline::{
    BY_CARGO_INSTA, Beside, Extent, Fingerprints, KeptAnswer, NO_REASON, NewRun, Offer, Rest, Signature,
    Store, Timings, UpdateMode, next,
};
use holdline::expand::CaseId;
use holdline::judge::Outcome;
use holdline::metric::{AnswerFacts, CaseFacts, Table};
use holdline::suite::schema::MustPass;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A label that would not survive a careless file.
const HOSTILE: &str = "---\n<<<<<<< HEAD\n\ttab \\ \u{1b}[31m\u{202e} end  ";

struct Project {
    folder: TempDir,
    store: Store,
}

impl Project {
    /// An empty crate; `None` where there is no cargo-insta to try it with.
    fn new() -> Option<Self> {
        let found = Command::new("cargo").args(["insta", "--version"]).output();
        if !found.is_ok_and(|output| output.status.success()) {
            let required = std::env::var("HOLDLINE_REQUIRE_CARGO_INSTA").is_ok_and(|value| value == "1");
            assert!(
                !required,
                "cargo-insta is not installed: cargo install cargo-insta --locked --version 1.49.0"
            );
            eprintln!("skipped: cargo-insta is not installed");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let manifest =
            "[package]\nname = \"project\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n";
        fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/lib.rs"), "").unwrap();
        let store = Store::new(folder.path().join("baselines"), false);
        Some(Self { folder, store })
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("baselines").join(name)
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.path().join("baselines")).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Offers a run and gives what its pending file holds.
    fn offer(&self, run: &str, outcome: Outcome) -> String {
        let (id, fingerprints) = (CaseId::of(&[b"a"]), Fingerprints::default());
        let facts = CaseFacts {
            id,
            family: id,
            scenario: 0,
            variant: None,
            knobs: None,
            tags: &[],
            must_pass: MustPass::No,
            quarantined: false,
            truth: Some(HOSTILE),
            expected: None,
            measured: holdline::metric::Measured::default(),
            most_turns: None,
        };
        let mut cases = Table::default();
        cases.push(&facts, 1);
        cases.set(0, 0, &AnswerFacts { outcome, label: Some(HOSTILE), ..AnswerFacts::NOT_ASKED });
        let new = NewRun {
            scores: &[],
            suite: "demo",
            run,
            fingerprints: &fingerprints,
            measurements: &[],
            cases: &cases,
        };
        let old = self.store.load("demo").unwrap();
        let answer = KeptAnswer {
            name: "a".to_owned(),
            input: HOSTILE.into(),
            output: Some(HOSTILE.to_owned()),
            label: None,
            outcome,
            reason: String::new(),
            extent: Extent::Whole,
            rest: Rest::default(),
        };
        let offer = Offer {
            source: "suites/demo.toml",
            next: &next(old.as_ref(), &new, false),
            answers: &|of| (of == id).then(|| answer.clone()),
            timings: &Timings::here("demo", run, [(id, 1.0)]),
            unacceptable: None,
            rejudged: None,
        };
        self.store.offer(&offer, UpdateMode::New, || signed("")).unwrap();
        fs::read_to_string(self.path("demo.snap.new")).unwrap()
    }

    fn insta(&self, arguments: &[&str]) -> Output {
        let output = Command::new("cargo")
            .arg("insta")
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("CI")
            .env_remove("INSTA_PENDING_DIR")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Asserts that `run` is accepted through cargo-insta, whole.
    fn assert_accepted(&self, run: &str, pending: &str) {
        assert!(!self.path("demo.snap.new").exists());
        let accepted = fs::read_to_string(self.path("demo.snap")).unwrap();
        assert_eq!(body(&accepted), body(pending));
        assert_eq!(accepted, pending, "the front matter is not as cargo-insta writes it");
        let baseline = self.store.load("demo").unwrap().unwrap();
        let entry = baseline.acceptance().unwrap();
        assert_eq!((baseline.run.as_str(), entry.run.as_str()), (run, run));
        assert_eq!((entry.by.as_str(), entry.reason.as_str()), (BY_CARGO_INSTA, NO_REASON));
        let (_, case) = baseline.cases.iter().next().unwrap();
        assert_eq!((case.label(), case.expected()), (Some(HOSTILE), Some(HOSTILE)));
        let Beside::Found(answers) = self.store.answers("demo", run).unwrap() else {
            panic!("no answers of {run}")
        };
        assert_eq!(answers.cases.values().next().unwrap().output.as_deref(), Some(HOSTILE));
        assert_eq!(self.names(), ["demo.snap", "demo.timings.json", "demo.transcripts.jsonl"]);
    }
}

fn signed(reason: &str) -> Signature {
    Signature { at: "2026-03-02T10:20:31Z".to_owned(), by: "Ana".to_owned(), reason: reason.to_owned() }
}

fn body(snap: &str) -> &str {
    snap.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).expect("front matter").1
}

#[test]
fn cargo_insta_accepts_a_pending_baseline() {
    let Some(project) = Project::new() else { return };
    let first = project.offer("r1", Outcome::Pass);
    let listed = project.insta(&["pending-snapshots"]).stdout;
    assert!(String::from_utf8_lossy(&listed).contains("baselines/demo.snap"), "{listed:?}");
    project.insta(&["accept"]);
    project.assert_accepted("r1", &first);

    // The next one carries the implied acceptance in its history.
    let second = project.offer("r2", Outcome::Fail);
    assert!(second.contains("accepted\tr1\tunknown\tcargo-insta\tno reason given\t"), "{second}");
    project.insta(&["accept"]);
    project.assert_accepted("r2", &second);
    assert_eq!(project.store.load("demo").unwrap().unwrap().history.len(), 2);
}

#[test]
fn cargo_insta_rejects_a_pending_baseline() {
    let Some(project) = Project::new() else { return };
    project.offer("r1", Outcome::Pass);
    project.store.accept("demo", &signed("first")).unwrap();
    let accepted = fs::read_to_string(project.path("demo.snap")).unwrap();
    project.offer("r2", Outcome::Fail);
    project.insta(&["reject"]);
    assert!(!project.path("demo.snap.new").exists());
    assert_eq!(fs::read_to_string(project.path("demo.snap")).unwrap(), accepted);
    assert_eq!(project.store.load("demo").unwrap().unwrap().run, "r1");
    assert!(project.store.answers("demo", "r1").unwrap().found().is_some());
    assert!(project.store.waiting().unwrap().is_empty());
}

/// `cargo insta review` reads single keys from a terminal: util-linux' `script` makes one.
#[cfg(target_os = "linux")]
#[test]
fn cargo_insta_reviews_a_pending_baseline() {
    let Some(project) = Project::new() else { return };
    if !Path::new("/usr/bin/script").exists() {
        eprintln!("skipped: there is no /usr/bin/script to make a terminal with");
        return;
    }
    let pending = project.offer("r1", Outcome::Pass);
    let mut review = Command::new("/usr/bin/script")
        .args(["--quiet", "--return", "--command", "cargo insta review", "/dev/null"])
        .current_dir(project.folder.path())
        .env_remove("CI")
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut review.stdin.take().unwrap(), b"a").unwrap();
    let output = review.wait_with_output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && shown.contains("case\t"), "{shown}");
    project.assert_accepted("r1", &pending);
}
