// SPDX-License-Identifier: MIT
#include "mqtt/broker.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vector>

#include "io/file_descriptor.hpp"

extern char** environ;

namespace jkp::testing {
namespace {

using io::FileDescriptor;

pid_t spawn(const std::vector<std::string>& command, const std::string& log) {
    std::vector<char*> arguments;
    for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    pid_t pid = -1;
    const int error = posix_spawn(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error("cannot start " + command[0]);
    return pid;
}

void run(const std::vector<std::string>& command, const std::string& log) {
    const pid_t pid = spawn(command, log);
    int status = 0;
    if (::waitpid(pid, &status, 0) != pid || status != 0) throw std::runtime_error(command[0] + " failed");
}

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

bool listens(std::uint16_t port) {
    const FileDescriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    return ::connect(probe.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

}  // namespace

std::uint16_t free_port() {
    const FileDescriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof(address);
    if (::bind(probe.fd(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::getsockname(probe.fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("no free port");
    }
    return ntohs(address.sin_port);
}

Broker::Broker(BrokerOptions options) : options_(std::move(options)), port_(free_port()) {
    std::string name = std::filesystem::temp_directory_path() / "jkp-broker-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the broker");
    folder_ = name;
    if (options_.tls) certificates();
    if (!options_.user.empty()) set_password(options_.password);
    configure();
    if (options_.started) start();
}

Broker::~Broker() {
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void Broker::certificates() const {
    const std::string log = file("openssl.log");
    const auto request = [&](const std::string& name, const std::string& subject) {
        run({OPENSSL, "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
             file(name + ".key"), "-out", file(name + ".csr"), "-subj", subject},
            log);
    };
    run({OPENSSL, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-days", "2", "-keyout", file("ca.key"), "-out", file("ca.crt"), "-subj", "/CN=test ca"},
        log);
    std::ofstream(file("names")) << "subjectAltName=DNS:localhost\n";
    for (const char* name : {"server", "client"}) {
        request(name, std::string("/CN=") + name);
        run({OPENSSL, "x509", "-req", "-in", file(std::string(name) + ".csr"), "-CA", file("ca.crt"),
             "-CAkey", file("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", file("names"), "-out",
             file(std::string(name) + ".crt")},
            log);
    }
}

void Broker::configure() const {
    std::ofstream conf(file("mosquitto.conf"));
    conf << "listener " << port_ << " 127.0.0.1\n"
         << "user root\nmax_queued_messages 10000\n"
         << "allow_anonymous " << (options_.user.empty() ? "true" : "false") << '\n'
         << options_.more;
    if (!options_.user.empty()) conf << "password_file " << file("passwords") << '\n';
    if (options_.tls) {
        conf << "certfile " << file("server.crt") << "\nkeyfile " << file("server.key") << "\ncafile "
             << file("ca.crt") << "\nrequire_certificate " << (options_.client_certificate ? "true" : "false")
             << '\n';
    }
}

void Broker::set_password(const std::string& password) {
    run({MOSQUITTO_PASSWD, "-b", "-c", file("passwords"), options_.user, password}, file("passwd.log"));
}

void Broker::start() {
    // It dies with a test that crashes.
    pid_ = spawn({"/usr/bin/setpriv", "--pdeathsig", "KILL", MOSQUITTO, "-c", file("mosquitto.conf")},
                 file("mosquitto.log"));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!listens(port_)) {
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error("mosquitto does not listen");
        std::this_thread::yield();
    }
}

void Broker::kill() {
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

void Broker::pause() {
    ::kill(pid_, SIGSTOP);
    int status = 0;
    ::waitpid(pid_, &status, WUNTRACED);
}

void Broker::resume() {
    ::kill(pid_, SIGCONT);
}

std::string Broker::secret(const std::string& name, const std::string& text) const {
    const std::string path = file(name);
    const FileDescriptor made(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (::write(made.fd(), text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
        throw std::runtime_error("cannot write " + path);
    }
    return path;
}

}  // namespace jkp::testing
