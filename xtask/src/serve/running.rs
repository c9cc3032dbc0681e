//! The server as a child of ours: started, awaited, stopped.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    process::{Child, Command},
    sync::atomic::{AtomicBool, Ordering},
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::step::Step;

const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// The first start fills the database with the demo content.
const MAY_TAKE: Duration = Duration::from_secs(120);
const MAY_LINGER: Duration = Duration::from_secs(10);

/// A server that answers; dropping it stops it.
pub struct Running {
    child: Child,
    step: Step,
    port: u16,
}

impl Running {
    /// Starts the server and returns when it is healthy, or when `stop` asks to give up.
    pub fn start(step: &Step, port: u16, stop: &AtomicBool) -> Result<Self> {
        let child = step.clone().spawn()?;
        let mut running = Self { child, step: step.clone(), port };
        let began = Instant::now();
        while !stop.load(Ordering::Relaxed) && !is_healthy(port) {
            running.check_alive()?;
            if began.elapsed() > MAY_TAKE {
                bail!("the server does not answer at /healthz. By hand:\n\n    {step}\n");
            }
            sleep(LOOK_AGAIN);
        }
        Ok(running)
    }

    /// Stops the server and starts it from the same command, whose binary may be newer.
    pub fn restart(&mut self, stop: &AtomicBool) -> Result<()> {
        self.close();
        *self = Self::start(&self.step, self.port, stop)?;
        Ok(())
    }

    /// Fails if the server has ended by itself.
    pub fn check_alive(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the server ended ({status}). By hand:\n\n    {}\n", self.step);
        }
        Ok(())
    }

    /// Serves until `stop`.
    pub fn until_stopped(&mut self, stop: &AtomicBool) -> Result<()> {
        while !stop.load(Ordering::Relaxed) {
            if let Err(error) = self.check_alive() {
                // One Ctrl-C reaches the server and us: its end may be seen first.
                sleep(LOOK_AGAIN);
                return if stop.load(Ordering::Relaxed) { Ok(()) } else { Err(error) };
            }
            sleep(LOOK_AGAIN);
        }
        Ok(())
    }

    /// Asks the server to end, and ends it if it does not.
    fn close(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        // The standard library knows only the hard end, which cuts requests in two.
        if cfg!(unix) {
            let id = self.child.id().to_string();
            let _ = Command::new("kill").args(["-TERM", &id]).status();
        }
        let began = Instant::now();
        while cfg!(unix) && began.elapsed() < MAY_LINGER {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            sleep(LOOK_AGAIN);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.close();
    }
}

fn is_healthy(port: u16) -> bool {
    let ask = || -> std::io::Result<bool> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut stream = TcpStream::connect_timeout(&address, LOOK_AGAIN)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(
            stream,
            "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
        )?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status.ends_with(b" 200"))
    };
    ask().unwrap_or(false)
}
