//! The reports that people read, each ending of a run as it looks. The snapshots are read by a
//! person before they are accepted; what must hold of any report is asserted beside them.

mod support;

use holdline::gate::{Finding, Flip, Standing};
use holdline::metric::{Direction, Slice, Unit};
use holdline::report::escape::ci_log;
use holdline::report::json::{self, JsonError};
use holdline::report::{Record, Style, case, github, markdown, terminal};
use std::path::Path;
use support::records::{self, HOSTILE};

const NARROW: Style = Style { colour: false, width: 60 };
const WIDE: Style = Style { colour: false, width: 120 };

fn show(record: &Record, case_at: usize) -> String {
    let suite = &record.suites[0];
    case(record, suite, &suite.cases[case_at], WIDE)
}

#[test]
fn the_end_of_a_run_reads_well_on_a_wide_terminal() {
    for (name, record) in records::all() {
        insta::assert_snapshot!(format!("terminal_wide_{name}"), terminal::render(&record, WIDE));
    }
}

#[test]
fn the_end_of_a_run_reads_well_on_a_narrow_terminal() {
    for name in ["all_held", "regressed", "first_run", "inconclusive"] {
        insta::assert_snapshot!(
            format!("terminal_narrow_{name}"),
            terminal::render(&records::named(name), NARROW)
        );
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for (name, record) in records::all() {
        for style in [NARROW, WIDE] {
            for line in terminal::render(&record, style).lines() {
                // A family of three takes two columns.
                let columns = line.replace("👩\u{200d}👩\u{200d}👧", "xx").chars().count();
                assert!(columns <= style.width, "{name}: {line}");
            }
        }
    }
}

#[test]
fn without_a_baseline_nothing_is_said_to_have_held() {
    for name in ["first_run", "no_baseline_in_ci"] {
        let record = records::named(name);
        let texts = [terminal::render(&record, WIDE), markdown::render(&record)];
        assert!(texts.iter().all(|text| !text.to_lowercase().contains("held")), "{texts:#?}");
    }
    let first = terminal::render(&records::named("first_run"), WIDE);
    assert!(
        first.starts_with("meeting-assistant: measured pass_rate 0.955; no baseline to compare with yet\n")
    );
}

#[test]
fn inconclusive_is_a_warning_and_not_held() {
    let record = records::named("inconclusive");
    let text = terminal::render(&record, WIDE);
    assert!(text.starts_with("meeting-assistant: warning: inconclusive: pass_rate"), "{text}");
    assert!(markdown::render(&record).starts_with("## ⚠️ Holdline: warning: inconclusive"));
    let coloured = terminal::render(&record, Style { colour: true, width: 120 });
    assert!(coloured.starts_with("\u{1b}[1m\u{1b}[33m"), "yellow: {coloured:?}");
}

#[test]
fn a_suite_that_held_takes_a_few_lines() {
    let text = terminal::render(&records::named("all_held"), WIDE);
    // Two suites and the verdict.
    assert!(text.lines().count() <= 12, "{text}");
}

#[test]
fn the_worst_cases_come_first_and_the_rest_is_counted() {
    let text = terminal::render(&records::named("regressed"), WIDE);
    let must_pass = text.find("must pass  c2ede8507410bfe2").expect("the case that must pass");
    let broke = text.find("  broke      ").expect("a case that broke");
    assert!(must_pass < broke);
    assert_eq!(text.matches("  broke      ").count(), 9);
    assert!(text.contains("and 5 more, all in .holdline/runs/20260103T100000Z-5f2a/report.json"), "{text}");
}

#[test]
fn colours_only_where_they_are_asked_for() {
    for (name, record) in records::all() {
        assert!(!terminal::render(&record, WIDE).contains('\u{1b}'), "{name}");
    }
    let coloured = terminal::render(&records::named("regressed"), Style { colour: true, width: 120 });
    assert!(coloured.contains("\u{1b}[1m\u{1b}[31m"), "{coloured:?}");
}

#[test]
fn hostile_answers_do_nothing_to_a_terminal_or_a_log() {
    let record = records::named("hostile");
    let mut pages = vec![terminal::render(&record, NARROW), terminal::render(&record, WIDE)];
    pages.extend([8, 9, 100, 101].map(|at| show(&record, at)));
    for page in pages {
        let acts =
            |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{200b}' | '\u{feff}');
        assert_eq!(page.chars().find(|c| acts(*c)), None, "{page}");
        let log = ci_log(&page);
        assert!(!log.contains("##[") && !log.contains("##vso["), "{log}");
        assert!(log.lines().all(|line| !line.trim_start().starts_with("::")), "{log}");
    }
}

#[test]
fn a_case_is_shown_whole() {
    let record = records::named("regressed");
    insta::assert_snapshot!("case_broke", show(&record, 100));
    insta::assert_snapshot!("case_error", show(&record, 8));
    insta::assert_snapshot!("case_hostile", show(&records::named("hostile"), 101));
}

#[test]
fn the_markdown_says_the_verdict_in_its_first_line() {
    for (name, record) in records::all() {
        insta::assert_snapshot!(format!("markdown_{name}"), cut_cases(&markdown::render(&record)));
    }
}

/// What the terminal says first of the suite that regressed, with these findings.
fn headline_with(change: impl FnOnce(&mut Vec<Finding>)) -> String {
    let mut record = records::named("regressed");
    change(&mut record.suites[0].findings);
    let page = terminal::render(&record, Style { width: 400, ..WIDE });
    page.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_headline_names_the_scenarios_that_regressed() {
    let alone = headline_with(|findings| {
        findings.retain(|finding| finding.metric == "pass_rate" && finding.slice != Slice::Suite);
    });
    insta::assert_snapshot!(alone, @r#"meeting-assistant: regressed: 1 case that must pass fails; "sums up a meeting" 1.000 → 0.767"#);
    let several = headline_with(|findings| {
        let scenario = findings.iter().find(|finding| finding.slice != Slice::Suite).cloned().unwrap();
        for id in ["books-a-meeting", "gone", "gone-too"] {
            findings.push(Finding { slice: Slice::Scenario(id.into()), ..scenario.clone() });
        }
    });
    insta::assert_snapshot!(several, @r#"meeting-assistant: regressed: 1 case that must pass fails; pass_rate 0.942 → 0.881 (−6.1 pt); "sums up a meeting" 1.000 → 0.767, "books a meeting when every detail is given" 1.000 → 0.767 and 2 more scenarios"#);
}

#[test]
fn a_headline_says_that_a_floor_was_missed() {
    let floor = headline_with(|findings| {
        findings.truncate(1);
        findings[0].floor = Some(0.9);
    });
    insta::assert_snapshot!(floor, @"meeting-assistant: regressed: 1 case that must pass fails; pass_rate 0.942 → 0.881 (−6.1 pt), below its floor of 0.900");
    let ceiling = headline_with(|findings| {
        findings.truncate(1);
        findings[0].metric = "latency_p95".into();
        findings[0].direction = Direction::Lower;
        findings[0].unit = Unit::Milliseconds;
        (findings[0].baseline, findings[0].candidate, findings[0].delta) = (None, Some(2410.0), None);
        findings[0].floor = Some(2000.0);
    });
    insta::assert_snapshot!(ceiling, @"meeting-assistant: regressed: 1 case that must pass fails; latency_p95 2410 ms, above its limit of 2000 ms");
}

/// Keeps the first two cases of a report: the others look the same.
fn cut_cases(report: &str) -> String {
    let mut parts = report.split("\n<details>");
    let mut out: String = parts.by_ref().take(3).collect::<Vec<_>>().join("\n<details>");
    let rest: Vec<_> = parts.collect();
    if let Some(last) = rest.last() {
        out = format!("{out}\n[{} more]\n<details>{last}", rest.len() - 1);
    }
    out
}

#[test]
fn markdown_of_hostile_answers_holds_no_markup_outside_its_fences() {
    let report = markdown::render(&records::named("hostile"));
    let mut fence: Option<String> = None;
    let mut folds = 0_i32;
    for line in report.lines() {
        if let Some(open) = &fence {
            if line == open {
                fence = None;
            }
            continue;
        }
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        if ticks.len() >= 3 {
            fence = Some(ticks);
            continue;
        }
        assert!(!line.contains("<script") && !line.contains("<img") && !line.contains("]("), "{line}");
        assert!(!line.contains("@octocat") && !line.contains("#1 ") && !line.contains("https://"), "{line}");
        folds += i32::try_from(line.matches("<details>").count()).expect("few");
        folds -= i32::try_from(line.matches("</details>").count()).expect("few");
    }
    assert_eq!((fence, folds), (None, 0), "every fence and fold is closed");
}

/// A record whose cases all broke, with answers of 1,400 characters.
fn many_broken(cases: usize) -> Record {
    let mut record = records::named("regressed");
    let mut broken = record.suites[0].cases[100].clone();
    broken.graded.transcript.turns[0].answer.output = "long ".repeat(280);
    record.suites[0].cases = (0..cases)
        .map(|n| {
            let mut case = broken.clone();
            case.name = format!("case number {n}");
            case
        })
        .collect();
    record
}

#[test]
fn markdown_stays_under_its_limit_and_counts_what_is_left_out() {
    let record = many_broken(1000);
    let report = markdown::render(&record);
    assert!(report.len() <= 200 * 1024, "{}", report.len());
    assert!(report.len() > 190 * 1024, "the room is used: {}", report.len());
    let shown = report.matches("<summary><b>broke</b>").count();
    assert!(report.contains(&format!("*{} cases are left out to stay under 200 KiB", 1000 - shown)));
    assert_eq!(report.matches("<details>").count(), report.matches("</details>").count());
    for limit in [2048, 10_000, 50_000] {
        assert!(markdown::render_within(&record, limit).len() <= limit, "{limit}");
    }
}

#[test]
fn a_suite_that_does_not_fit_is_counted_too() {
    let mut record = records::named("hostile");
    let suite = record.suites[0].clone();
    record.suites = vec![suite; 300];
    let report = markdown::render(&record);
    assert!(report.len() <= markdown::LIMIT, "{}", report.len());
    let shown = report.matches("\n### ").count();
    assert!(shown > 0 && report.contains(&format!("{} suites are left out", 300 - shown)), "{shown}");
}

#[test]
fn the_summary_is_added_to_what_the_job_has_and_stays_under_a_mebibyte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("summary");
    std::fs::write(&path, "# Earlier").expect("written");
    let record = many_broken(1000);
    assert!(github::append_summary(&record, &path).expect("added"));
    let text = std::fs::read_to_string(&path).expect("read");
    assert!(text.starts_with("# Earlier\n## ❌ Holdline: regressed"), "{}", &text[..80]);

    std::fs::write(&path, "x".repeat((1 << 20) - 60_000)).expect("written");
    assert!(github::append_summary(&record, &path).expect("added"));
    let size = std::fs::metadata(&path).expect("a file").len();
    assert!(size <= 1 << 20 && size > (1 << 20) - 10_000, "{size}");

    let full = "x".repeat((1 << 20) - 500);
    std::fs::write(&path, &full).expect("written");
    assert!(!github::append_summary(&record, &path).expect("tried"));
    assert_eq!(std::fs::read_to_string(&path).expect("read"), full);
}

#[test]
fn annotations_are_one_command_a_line_at_the_place_in_the_suite() {
    insta::assert_snapshot!("annotations_regressed", github::annotations(&records::named("regressed")));
    assert_eq!(github::annotations(&records::named("all_held")), "");
    let hostile = github::annotations(&records::named("hostile"));
    assert!(!hostile.is_empty());
    assert!(hostile.lines().all(|line| line.starts_with("::error file=suites/meeting-assistant.toml,line=")));
    assert!(!hostile.contains(['\u{1b}', '\r', '\u{202e}']));
}

#[test]
fn a_record_survives_its_file() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, record) in records::all().into_iter().filter(|(name, _)| *name != "hostile") {
        let path = folder.path().join("deeper").join(name).with_extension("json");
        json::write(&record, &path).expect("written");
        // Numbers are compared as text: the last digit of a float may be read differently.
        let read = json::read(&path).expect("read");
        assert_eq!(format!("{read:.9?}"), format!("{record:.9?}"), "{name}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path().join("deeper")).expect("a folder").collect();
    assert_eq!(left.len(), records::all().len() - 1, "nothing is left beside the files");
}

#[test]
fn hostile_text_survives_the_record_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.json");
    let record = records::named("hostile");
    json::write(&record, &path).expect("written");
    let read = json::read(&path).expect("read");
    assert_eq!(read.suites[0].cases[101].accepted_answer.as_deref(), Some(HOSTILE));
    assert_eq!(read.suites[0].cases[101].standing, Standing::Fails(HOSTILE.into()));
    assert_eq!(read.suites[0].cases[101].flip, Some(Flip::Broke));
}

fn reading(contents: &str) -> JsonError {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("report.json");
    std::fs::write(&path, contents).expect("written");
    json::read(&path).expect_err("refused")
}

#[test]
fn a_record_of_another_format_is_refused_with_the_reason() {
    let error = reading(r#"{"format": 2, "unheard": "of"}"#);
    assert!(matches!(error, JsonError::Format { found: 2, .. }), "{error:?}");
    assert!(error.to_string().ends_with(
        "has format 2, and this version of Holdline reads format 1; run the suites again, or use the version that wrote it"
    ));
}

#[test]
fn what_is_no_record_is_refused() {
    assert!(matches!(reading("{"), JsonError::NotARecord { .. }));
    assert!(matches!(reading(r#"{"format": 1}"#), JsonError::NotARecord { .. }));
    assert!(matches!(json::read(Path::new("no/such/report.json")), Err(JsonError::Read { .. })));
}

#[test]
fn a_case_of_no_scenario_is_a_damaged_record_and_no_panic() {
    let mut record = records::named("all_held");
    record.suites[0].cases[3].scenario = 99;
    let error = reading(&json::render(&record).expect("JSON"));
    assert!(matches!(&error, JsonError::Damaged { suite, .. } if suite == "meeting-assistant"), "{error:?}");
}

#[cfg(feature = "cli")]
mod outputs {
    use super::*;
    use holdline::report::junit::Profile;
    use holdline::report::{OutputError, Outputs};

    #[test]
    fn a_bad_path_is_told_before_the_run() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("file");
        std::fs::write(&file, "").expect("written");
        let below_a_file = Outputs { json: Some(file.join("report.json")), ..Outputs::default() };
        let error = below_a_file.open().expect_err("refused");
        assert!(matches!(error, OutputError::Path { option: "--json", .. }), "{error:?}");
        let is_a_folder = Outputs { markdown: Some(folder.path().to_owned()), ..Outputs::default() };
        let error = is_a_folder.open().expect_err("refused");
        assert!(matches!(error, OutputError::Path { option: "--markdown", .. }), "{error:?}");
    }

    #[test]
    fn two_outputs_do_not_share_a_file() {
        let path = Path::new("same").to_owned();
        let outputs = Outputs { json: Some(path.clone()), markdown: Some(path), junit: None };
        let error = outputs.open().expect_err("refused");
        assert_eq!(error.to_string(), "--json and --markdown both name same; give each its own file");
    }

    #[test]
    fn a_report_of_an_earlier_run_is_not_taken_for_this_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("junit.xml");
        std::fs::write(&path, "<testsuites/>").expect("written");
        Outputs { junit: Some((path.clone(), Profile::Default)), ..Outputs::default() }
            .open()
            .expect("opened");
        assert!(!path.exists());
    }

    #[test]
    fn every_output_is_written_and_nothing_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join("out").join(name);
        let outputs = Outputs {
            junit: Some((path("junit.xml"), Profile::Jenkins)),
            json: Some(path("report.json")),
            markdown: Some(path("report.md")),
        };
        let outputs = outputs.open().expect("opened");
        let record = records::named("regressed");
        let whole = folder.path().join("whole.json");
        json::write(&record, &whole).expect("written");
        outputs.write(&record, &whole).expect("written");
        let text = |name: &str| std::fs::read_to_string(path(name)).expect("read");
        assert!(
            text("junit.xml")
                .starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<testsuites name=\"holdline\"")
        );
        assert!(text("report.md").starts_with("## ❌ Holdline: regressed: 1 of 2 suites got worse\n"));
        assert_eq!(json::read(&path("report.json")).expect("read").exit_code, 1);
        assert_eq!(std::fs::read_dir(folder.path().join("out")).expect("a folder").count(), 3);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("file.md"), folder.path().join("link.md"));
        std::fs::write(&file, "old").expect("written");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        markdown::write(&records::named("all_held"), &link).expect("written");
        assert!(link.is_symlink());
        assert!(std::fs::read_to_string(&file).expect("read").starts_with("## ✅"));
    }
}
