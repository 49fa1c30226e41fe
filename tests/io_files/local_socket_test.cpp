// SPDX-License-Identifier: MIT
#include "io/local_socket.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <future>
#include <thread>

#include "io/unix_socket.hpp"
#include "io_files/temporary_folder.hpp"

namespace jkp::io {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using testing::TemporaryFolder;

// A daemon's loop on its own thread.
class Daemon {
  public:
    Daemon(const std::string& path, LocalHandler handler)
        : socket_(LocalSocket::listen(loop_, path, std::move(handler)).value()),
          thread_([this] { loop_.run(); }) {}
    ~Daemon() {
        loop_.stop();
        thread_.join();
    }
    Daemon(const Daemon&) = delete;
    Daemon& operator=(const Daemon&) = delete;

  private:
    boost::asio::io_context loop_;
    std::unique_ptr<LocalSocket> socket_;
    std::thread thread_;
};

std::string echo(std::string_view request, const PeerCredentials&) {
    return std::string(request);
}

TEST(LocalSocket, OneLineAsksAndOneLineAnswers) {
    const TemporaryFolder folder;
    const Daemon daemon(folder.file("s"), [](std::string_view request, const PeerCredentials& peer) {
        return std::string(request) + " for " + std::to_string(peer.process) + ' ' +
               std::to_string(peer.user);
    });
    const std::string who = std::to_string(::getpid()) + ' ' + std::to_string(::getuid());
    EXPECT_EQ(ask(folder.file("s"), "{\"ask\":\"status\"}", 5s).value(), "{\"ask\":\"status\"} for " + who);
    EXPECT_EQ(ask(folder.file("s"), "again", 5s).value(), "again for " + who);
    EXPECT_EQ(std::filesystem::status(folder.file("s")).permissions(), std::filesystem::perms(0660));
}

TEST(LocalSocket, ABigAnswerArrivesWholeAndATooBigOneBecomesAnError) {
    const TemporaryFolder folder;
    const Daemon daemon(folder.file("s"), [](std::string_view request, const PeerCredentials&) {
        return std::string(std::stoul(std::string(request)), 'a');
    });
    const std::string largest = std::to_string(max_local_answer - 1);
    EXPECT_EQ(ask(folder.file("s"), largest, 5s).value(), std::string(max_local_answer - 1, 'a'));
    EXPECT_THAT(ask(folder.file("s"), std::to_string(max_local_answer), 5s).value(), HasSubstr("too long"));
}

TEST(LocalSocket, ALineBreakInAnAnswerDoesNotEndIt) {
    const TemporaryFolder folder;
    const Daemon daemon(folder.file("s"), [](std::string_view, const PeerCredentials&) { return "a\nb"; });
    EXPECT_EQ(ask(folder.file("s"), "x", 5s).value(), "a b");
}

TEST(LocalSocket, ARequestWithoutEndIsRefusedAtItsBound) {
    const TemporaryFolder folder;
    const Daemon daemon(folder.file("s"), echo);
    EXPECT_THAT(ask(folder.file("s"), std::string(5000, 'x'), 5s).error(), HasSubstr("longer than 4 KiB"));
    const auto raw = connect_unix(folder.file("s")).value();
    const std::string text(max_local_request, 'x');
    ASSERT_EQ(::send(raw.fd(), text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    pollfd item{raw.fd(), POLLIN, 0};
    ASSERT_EQ(::poll(&item, 1, 5000), 1);
    std::string answer(200, '\0');
    const ssize_t size = ::recv(raw.fd(), answer.data(), answer.size(), 0);
    ASSERT_GT(size, 0);
    EXPECT_THAT(answer, HasSubstr("the request is longer than 4 KiB"));
}

// Waits until the server has closed the connection.
bool is_closed_within(const FileDescriptor& socket, std::chrono::milliseconds time) {
    pollfd item{socket.fd(), POLLIN, 0};
    char byte = 0;
    return ::poll(&item, 1, static_cast<int>(time.count())) == 1 && ::recv(socket.fd(), &byte, 1, 0) <= 0;
}

TEST(LocalSocket, TheNinthConnectionIsClosedAndASilentOneEndsByItsDeadline) {
    const TemporaryFolder folder;
    const Daemon daemon(folder.file("s"), echo);
    std::vector<FileDescriptor> silent;
    for (std::size_t i = 0; i < max_local_connections; ++i)
        silent.push_back(connect_unix(folder.file("s")).value());
    const FileDescriptor ninth = connect_unix(folder.file("s")).value();
    EXPECT_TRUE(is_closed_within(ninth, 1s));
    EXPECT_THAT(ask(folder.file("s"), "x", 1s).error(), HasSubstr("closed the connection"));
    for (const FileDescriptor& socket : silent) EXPECT_TRUE(is_closed_within(socket, 5s));
    EXPECT_EQ(ask(folder.file("s"), "x", 5s).value(), "x");
}

TEST(LocalSocket, WithoutADaemonTheErrorSaysHowToStartIt) {
    const TemporaryFolder folder;
    EXPECT_EQ(ask(folder.file("s"), "x", 1s).error(), "the daemon is not running: nothing listens on " +
                                                          folder.file("s") +
                                                          "; start it with systemctl start jk-pylon");
    EXPECT_THAT(ask("/" + std::string(200, 'p'), "x", 1s).error(), HasSubstr("File name too long"));
}

TEST(LocalSocket, ADaemonThatHangsIsReportedAfterTheTimeout) {
    const TemporaryFolder folder;
    const auto listening = listen_unix(folder.file("s"), 0660).value();
    EXPECT_THAT(ask(folder.file("s"), "x", 50ms).error(), HasSubstr("did not answer on"));
}

TEST(LocalSocket, TheSocketOfADeadInstanceIsReplaced) {
    const TemporaryFolder folder;
    {
        const auto dead = listen_unix(folder.file("s"), 0600).value();
    }
    ASSERT_TRUE(std::filesystem::is_socket(folder.file("s")));
    const Daemon daemon(folder.file("s"), echo);
    EXPECT_EQ(ask(folder.file("s"), "x", 5s).value(), "x");
}

TEST(LocalSocket, TheSocketOfALivingInstanceIsLeftAlone) {
    const TemporaryFolder folder;
    const Daemon daemon(folder.file("s"), echo);
    boost::asio::io_context loop;
    const auto second = LocalSocket::listen(loop, folder.file("s"), echo);
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error(), HasSubstr("another instance already listens on " + folder.file("s")));
    EXPECT_EQ(ask(folder.file("s"), "x", 5s).value(), "x");
}

TEST(LocalSocket, AFileAtThePathIsNotRemoved) {
    const TemporaryFolder folder;
    std::ofstream(folder.file("s")) << "precious";
    boost::asio::io_context loop;
    EXPECT_THAT(LocalSocket::listen(loop, folder.file("s"), echo).error(),
                HasSubstr("exists and is no socket"));
    EXPECT_EQ(testing::contents(folder.file("s")), "precious");
}

TEST(LocalSocket, AMissingFolderIsNamed) {
    boost::asio::io_context loop;
    EXPECT_EQ(LocalSocket::listen(loop, "/no/such/folder/s", echo).error(),
              "cannot listen on /no/such/folder/s: No such file or directory");
}

TEST(LocalSocket, ItsFileIsGoneAfterwards) {
    const TemporaryFolder folder;
    {
        const Daemon daemon(folder.file("s"), echo);
    }
    EXPECT_FALSE(std::filesystem::exists(folder.file("s")));
}

}  // namespace
}  // namespace jkp::io
