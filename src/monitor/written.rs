//! What is written: answers that fail or were judged as a `recorded` file, and candidates that wait for review.

use super::propose::Proposed;
use super::read::Log;
use super::report::Written;
use super::shown::{failing_line, sampled_line};
use super::watch::{MonitorError, Wish};
use super::window::{Sampled, Window};
use crate::judge::Verdict;
use crate::run::folder::HOME;
use crate::suite::Suite;
use crate::synth::candidate::{Candidate, Queue};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

/// Writes failing and sampled answers, where that is wished for: beside the file, then renamed.
pub fn write(
    wish: &Wish,
    now: &Window,
    (sample, verdicts): (&[Sampled], &[Vec<Verdict>]),
    suite: &Suite,
    log: &Log,
) -> Result<Vec<Written>, MonitorError> {
    let Some(path) = &wish.write_recorded else { return Ok(Vec::new()) };
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |value: serde_json::Value| {
        let id = value["id"].as_str().unwrap_or_default().to_owned();
        lines.entry(id).or_insert_with(|| value.to_string());
    };
    sample.iter().zip(verdicts).for_each(|(of, said)| add(sampled_line(of, said, suite, &log.name)));
    now.failing.iter().for_each(|of| add(failing_line(of, suite, &log.name)));
    save(path, lines.values()).map_err(|error| MonitorError::Write { path: path.clone(), error })?;
    let (kept, all) = (now.failing.len(), now.failing.offered());
    let what = if all > kept as u64 {
        format!("failing answers ({kept} of {all}) and sampled ones")
    } else {
        "failing and sampled answers".to_owned()
    };
    Ok(vec![Written { path: path.display().to_string(), count: lines.len() as u64, what }])
}

/// Puts requests like no scenario aside as candidates of the suite.
pub fn put_aside(
    wish: &Wish,
    suite: &str,
    proposed: &[Proposed],
    log: &str,
) -> Result<Option<Written>, MonitorError> {
    let candidates: Vec<Candidate> = proposed.iter().flat_map(|of| of.candidates(suite, log)).collect();
    if candidates.is_empty() {
        return Ok(None);
    }
    let of = candidates.len();
    let count = Queue::open(&wish.root, suite)?.add(candidates)? as u64;
    let path = format!("{HOME}/candidates/{suite}.jsonl");
    let what = format!("candidates of {of} that are proposed were not there yet, and wait for review");
    Ok(Some(Written { path, count, what }))
}

fn save<'a>(path: &Path, lines: impl Iterator<Item = &'a String>) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let mut out = std::io::BufWriter::new(file.as_file_mut());
    for line in lines {
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    drop(out);
    file.persist(path).map(drop).map_err(|error| error.error)
}
