//! Holdline's own suites over its example applications: the project gates itself.

fn main() -> std::process::ExitCode {
    holdline::Harness::new("suites").run()
}
