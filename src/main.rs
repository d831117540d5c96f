//! The `holdline` command. Everything it does is in the library.

use holdline::exit::Exit;

/// A run makes and drops many small things on all cores at once, for which the system's own is slower.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    // A panic is a bug of Holdline's and has an exit code of its own, so that it is never taken for
    // a verdict; the message has gone to standard error already.
    std::panic::catch_unwind(holdline::cli::main).unwrap_or(Exit::Bug).into()
}
