//! The server: a thread for each connection, so that one that hangs hangs alone.

use std::io::{self, BufReader, Read};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::json;
use socket2::SockRef;

use crate::call::Call;
use crate::fault::{Fault, Faults};
use crate::http::{self, Reply, Request};
use crate::ledger::Ledger;
use crate::state::{Ending, State, locked};
use crate::wire::json_reply;
use crate::world::World;

/// A simulated AWS on a free port of 127.0.0.1. It ends when it is dropped.
pub struct Simulator {
    state: Arc<State>,
    address: SocketAddr,
    ended: Arc<AtomicBool>,
    listening: Option<JoinHandle<()>>,
}

impl Simulator {
    /// Starts it.
    ///
    /// # Panics
    /// Where the machine gives no port.
    #[must_use]
    pub fn start(world: World, faults: Faults) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("a port that is listened at");
        let (state, ended) = (Arc::new(State::new(world, faults)), Arc::new(AtomicBool::new(false)));
        let (of_thread, until) = (Arc::clone(&state), Arc::clone(&ended));
        let listening = std::thread::spawn(move || {
            for connection in listener.incoming() {
                if until.load(Ordering::SeqCst) {
                    return;
                }
                let state = Arc::clone(&of_thread);
                // Neither is the client's loss the server's: it goes on with the next connection.
                if let Ok(connection) = connection {
                    std::thread::spawn(move || drop(serve(&connection, &state)));
                }
            }
        });
        Simulator { state, address, ended, listening: Some(listening) }
    }

    /// Where it listens: `http://127.0.0.1:41234`, for `AWS_ENDPOINT_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What an AWS client needs in its environment to reach it.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let url = self.url();
        [
            ("AWS_ENDPOINT_URL", url.as_str()),
            ("AWS_ACCESS_KEY_ID", "testing"),
            ("AWS_SECRET_ACCESS_KEY", "testing"),
            ("AWS_REGION", "us-east-1"),
            ("AWS_DEFAULT_REGION", "us-east-1"),
            ("AWS_EC2_METADATA_DISABLED", "true"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// How often it was called until now.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        locked(&self.state.ledger).clone()
    }

    /// Forgets the calls until now.
    pub fn forget(&self) {
        *locked(&self.state.ledger) = Ledger::default();
    }

    /// Reads or changes the world; calls wait meanwhile.
    pub fn world<T>(&self, work: impl FnOnce(&mut World) -> T) -> T {
        work(&mut self.state.world.write().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets this go wrong from now on, too.
    pub fn fail(&self, fault: Fault) {
        let mut faults = locked(&self.state.faults);
        self.world(|world| Faults::none().with(fault.clone()).strike(world));
        *faults = std::mem::take(&mut *faults).with(fault);
    }

    /// Lets only this go wrong from now on. What befell the world itself stays.
    pub fn faults(&self, faults: Faults) {
        self.world(|world| faults.strike(world));
        *locked(&self.state.faults) = faults;
    }

    /// The names of the sessions in which roles were assumed, by account.
    #[must_use]
    pub fn session_names(&self) -> Vec<(String, String)> {
        locked(&self.state.sessions).names()
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // The listener wakes up for a connection, and sees that it is over.
        drop(TcpStream::connect(self.address));
        if let Some(listening) = self.listening.take() {
            drop(listening.join());
        }
    }
}

fn serve(connection: &TcpStream, state: &State) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut requests = BufReader::new(connection);
    while let Some(request) = http::read(&mut requests)? {
        let ending = answer(&request, state);
        let mut connection = connection;
        match ending {
            Ending::Whole(reply) => http::write(&mut connection, &reply, reply.body.len())?,
            Ending::Half(reply) => return http::write(&mut connection, &reply, reply.body.len() / 2),
            Ending::Reset => return SockRef::from(connection).set_linger(Some(Duration::ZERO)),
            // Until the client gives up.
            Ending::Hang => return requests.read_to_end(&mut Vec::new()).map(drop),
        }
        if request.is_last {
            return Ok(());
        }
    }
    Ok(())
}

fn answer(request: &Request, state: &State) -> Ending {
    if let Some(path) = request.target.strip_prefix("/simulator/") {
        return Ending::Whole(control(request, path, state));
    }
    match Call::of(request) {
        Some(call) => state.answer(&call),
        None => Ending::Whole(told(404, &json!({"message": "this is no call of AWS"}))),
    }
}

/// `GET /simulator/ledger`, `GET /simulator/summary`, `POST /simulator/fault` with a fault as the command line has it,
/// `DELETE /simulator/faults`.
fn control(request: &Request, path: &str, state: &State) -> Reply {
    match (request.method.as_str(), path) {
        ("GET", "ledger") => told(200, &locked(&state.ledger).json()),
        ("GET", "summary") => told(200, &state.world.read().unwrap_or_else(PoisonError::into_inner).summary()),
        ("POST", "fault") => match Fault::parse(&String::from_utf8_lossy(&request.body)) {
            Ok(fault) => {
                let mut faults = locked(&state.faults);
                Faults::none()
                    .with(fault.clone())
                    .strike(&mut state.world.write().unwrap_or_else(PoisonError::into_inner));
                *faults = std::mem::take(&mut *faults).with(fault);
                told(200, &json!({}))
            }
            Err(wrong) => told(400, &json!({"message": wrong})),
        },
        ("DELETE", "faults") => {
            *locked(&state.faults) = Faults::none();
            told(200, &json!({}))
        }
        _ => told(404, &json!({"message": "there is no such thing here"})),
    }
}

fn told(status: u16, body: &serde_json::Value) -> Reply {
    json_reply(status, "application/json", body, "simulator")
}
