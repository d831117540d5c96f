//! The `holdline` command. Everything it does is in the library.

use holdline::exit::Exit;

fn main() -> std::process::ExitCode {
    // A panic is a bug of Holdline's and has an exit code of its own, so that it is never taken for
    // a verdict; the message has gone to standard error already.
    std::panic::catch_unwind(holdline::cli::main).unwrap_or(Exit::Bug).into()
}
