//! A child process as a person would type it: printed, streamed, and on failure handed over.

use std::{
    env,
    ffi::{OsStr, OsString},
    fmt,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use anyhow::{Context, Result, bail};

/// One command line, with what differs in its surroundings.
#[derive(Clone)]
pub struct Step {
    program: OsString,
    args: Vec<OsString>,
    env: Vec<(&'static str, OsString)>,
    path: Vec<PathBuf>,
    dir: PathBuf,
}

/// Announces what begins and about how long it takes.
pub fn say(what: &str, takes: &str) {
    eprintln!("\n==> {what} ({takes})");
}

impl Step {
    /// A program by name (found on `PATH`) or by path.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            env: Vec::new(),
            path: Vec::new(),
            dir: PathBuf::from("."),
        }
    }

    /// Adds arguments.
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable for the child.
    pub fn env(mut self, name: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.env.push((name, value.as_ref().to_owned()));
        self
    }

    /// Folders searched before `PATH`, in the child and in its own children.
    pub fn path(mut self, folders: &[PathBuf]) -> Self {
        self.path.extend_from_slice(folders);
        self
    }

    /// The folder the child runs in.
    pub fn dir(mut self, dir: &Path) -> Self {
        self.dir = dir.to_owned();
        self
    }

    /// Prints the command, lets its output through, and fails unless it succeeds.
    pub fn run(self) -> Result<()> {
        eprintln!("  $ {self}");
        let status = self.command()?.status().with_context(|| self.cannot_start())?;
        if status.success() {
            return Ok(());
        }
        bail!("this failed ({status}). By hand, in {}:\n\n    {self}\n", self.dir.display())
    }

    /// Runs the command unseen and returns what it prints on standard output.
    pub fn capture(self) -> Result<String> {
        let output =
            self.command()?.stdin(Stdio::null()).output().with_context(|| self.cannot_start())?;
        if !output.status.success() {
            bail!("`{self}` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Prints the command, lets its output through, and hands each line of standard output to
    /// `line` as it comes.
    pub fn stream(self, mut line: impl FnMut(&str)) -> Result<ExitStatus> {
        eprintln!("  $ {self}");
        let mut child =
            self.command()?.stdout(Stdio::piped()).spawn().with_context(|| self.cannot_start())?;
        let mut output =
            BufReader::new(child.stdout.take().context("the child has no standard output")?);
        let mut stdout = std::io::stdout();
        let mut bytes = Vec::new();
        while output.read_until(b'\n', &mut bytes)? > 0 {
            stdout.write_all(&bytes)?;
            stdout.flush()?;
            line(String::from_utf8_lossy(&bytes).trim_end());
            bytes.clear();
        }
        Ok(child.wait()?)
    }

    /// Prints the command and starts it beside us.
    pub fn spawn(self) -> Result<Child> {
        eprintln!("  $ {self}");
        self.command()?.spawn().with_context(|| self.cannot_start())
    }

    fn cannot_start(&self) -> String {
        format!("`{self}` cannot be started")
    }

    fn command(&self) -> Result<Command> {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(&self.dir);
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        if !self.path.is_empty() {
            let inherited = env::var_os("PATH").unwrap_or_default();
            let folders = self.path.iter().cloned().chain(env::split_paths(&inherited));
            command.env("PATH", env::join_paths(folders).context("a folder with `:` in PATH")?);
        }
        Ok(command)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Ok(path) = env::join_paths(&self.path)
            && !path.is_empty()
        {
            write!(f, "PATH={}:$PATH ", quoted(&path))?;
        }
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(value))?;
        }
        write!(f, "{}", quoted(&self.program))?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", quoted(arg)))
    }
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-=:@,+~".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.into_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_prints_as_a_line_that_a_shell_understands() {
        let step = Step::new("cargo")
            .args(["test", "it's here"])
            .env("MODE", "a b")
            .path(&[PathBuf::from("/tools/bin")]);
        assert_eq!(step.to_string(), r"PATH=/tools/bin:$PATH MODE='a b' cargo test 'it'\''s here'");
    }

    #[test]
    fn lines_arrive_one_by_one_with_the_exit_status() {
        let mut lines = Vec::new();
        let status = Step::new("sh")
            .args(["-c", "echo one; echo two; exit 3"])
            .stream(|line| lines.push(line.to_owned()))
            .unwrap();
        assert_eq!(lines, ["one", "two"]);
        assert_eq!(status.code(), Some(3));
    }

    #[test]
    fn a_failure_names_the_command_to_run_by_hand() {
        let error = Step::new("sh").args(["-c", "exit 1"]).run().unwrap_err();
        assert!(error.to_string().contains("sh -c 'exit 1'"), "{error}");
    }
}
