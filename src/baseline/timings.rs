//! How long each case took, kept beside its baseline with the host it was measured on: latencies are
//! compared on an equal host or not at all.

use super::files::{self, READ_LIMIT};
use super::latencies::Latencies;
use crate::expand::CaseId;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Version of the format.
const FORMAT: u32 = 1;

/// The latencies of one run of a suite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Timings {
    format: u32,
    /// Name of the suite.
    pub suite: String,
    /// Id of the run.
    pub run: String,
    /// Where they were measured.
    pub host: Host,
    /// Milliseconds, by case. Cases that were not timed are not there.
    pub latency_ms: Latencies,
}

/// What latencies depend on. The host's name is hashed: it is nobody's business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Operating system.
    pub os: String,
    /// Processor architecture.
    pub arch: String,
    /// Processors that this process may use.
    pub cpus: usize,
    /// First 16 hex digits of blake3 over the host's name.
    pub name: String,
}

impl Timings {
    /// The latencies of a run on this host, to the microsecond.
    pub fn here(suite: &str, run: &str, latency_ms: impl IntoIterator<Item = (CaseId, f64)>) -> Self {
        let timed = latency_ms.into_iter().filter(|(_, ms)| ms.is_finite());
        Self {
            format: FORMAT,
            suite: suite.to_owned(),
            run: run.to_owned(),
            host: Host::this(),
            latency_ms: timed.map(|(id, ms)| (id, (ms * 1000.0).round() / 1000.0)).collect(),
        }
    }

    /// Times of cases that were measured on the same host.
    #[must_use]
    pub fn of_cases(self, latency_ms: impl IntoIterator<Item = (CaseId, f64)>) -> Self {
        Self { latency_ms: latency_ms.into_iter().collect(), ..self }
    }

    /// The same times for another run, which measured none of its own.
    #[must_use]
    pub fn for_run(&self, run: &str) -> Self {
        Self { run: run.to_owned(), ..self.clone() }
    }

    /// Writes the file's contents.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, self)?;
        out.write_all(b"\n")
    }

    /// Reads a file's contents. The error says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|error| error.to_string()).and_then(Self::known)
    }

    fn known(self) -> Result<Self, String> {
        match self.format {
            FORMAT => Ok(self),
            other => Err(format!("the file has format {other} and this Holdline reads {FORMAT}")),
        }
    }

    pub(super) fn run_of(path: &Path) -> Option<String> {
        Self::read(path).ok().map(|timings| timings.run)
    }

    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let file = File::open(path).ok().map(|file| BufReader::new(file.take(READ_LIMIT)));
        let read = file.and_then(|file| serde_json::from_reader::<_, Self>(file).ok());
        if let Some(timings) = read {
            return timings.known();
        }
        // What is wrong with it takes the whole text to tell.
        let text = files::read(path).map_err(|error| error.to_string())?;
        Self::parse(&text.ok_or_else(|| "it is gone".to_owned())?)
    }
}

impl Host {
    /// The host that this process runs on.
    pub fn this() -> Self {
        let name = host_name().unwrap_or_default();
        Self {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            cpus: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            name: blake3::hash(name.trim().as_bytes()).to_hex()[..16].to_owned(),
        }
    }
}

/// The host's name: as Windows tells it, as Linux tells it, or as the command `hostname` does.
fn host_name() -> Option<String> {
    let asked = || {
        let output = Command::new("hostname").stdin(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    };
    std::env::var("COMPUTERNAME")
        .ok()
        .or_else(|| std::fs::read_to_string("/proc/sys/kernel/hostname").ok())
        .or_else(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(timings: &Timings) -> String {
        let mut out = Vec::new();
        timings.write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn timings_survive_their_file_to_the_microsecond() {
        let id = CaseId::of(&[b"a"]);
        let timings = Timings::here("demo", "r1", [(id, 12.345_678), (CaseId::of(&[b"b"]), f64::NAN)]);
        assert!(timings.latency_ms.iter().eq([(id, 12.346)]));
        assert_eq!(Timings::parse(&render(&timings)), Ok(timings));
    }

    #[test]
    fn a_host_is_equal_to_itself_and_does_not_give_its_name_away() {
        let host = Host::this();
        assert_eq!(host, Host::this());
        assert!(host.name.len() == 16 && host.name.bytes().all(|b| b.is_ascii_hexdigit()), "{host:?}");
        assert!(host.cpus > 0);
    }

    #[test]
    fn another_format_is_refused() {
        let text = render(&Timings::here("demo", "r1", [])).replace("\"format\": 1", "\"format\": 2");
        assert!(Timings::parse(&text).unwrap_err().contains("format 2"));
    }
}
