using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Seamless.ServiceDesk.Notifications.Messages;
using Seamless.ServiceDesk.Notifications.Outbox;
using Seamless.ServiceDesk.Notifications.Recipients;

namespace Seamless.ServiceDesk.Notifications.Channels;

/// <summary>E-mail over SMTP. The protocol may deliver twice; the Message-ID is the same then.</summary>
internal sealed class Email(IOptions<ServiceDeskOptions> options, TimeProvider clock) : IChannel
{
    private const int Permanent = 500;

    public Channel Kind => Channel.Email;
    public IReadOnlyList<Rate> Rates => [];

    public async Task<Answer> SendAsync(Destination to, Message message, CancellationToken ct)
    {
        if (options.Value.Notifications.Smtp is not { } server) return new Answer(Verdict.Refused, "no mail server: set notifications.smtp.host");
        using var timeout = new CancellationTokenSource(options.Value.Notifications.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        using var mail = Mail.Of(server.From, to.Address, message);
        try
        {
            return new Answer(Verdict.Delivered, await DeliverAsync(server, mail, either.Token));
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return new Answer(Verdict.Unreachable, "the mail server did not answer in time");
        }
        catch (SmtpCommandException refused)
        {
            return new Answer((int)refused.StatusCode >= Permanent ? Verdict.Refused : Verdict.Failed, $"the mail server answered {(int)refused.StatusCode}");
        }
        catch (MailKit.Security.AuthenticationException)
        {
            return new Answer(Verdict.Failed, "the mail server refused user or password (notifications.smtp.user)");
        }
        catch (Exception failure) when (failure is SocketException or IOException or ProtocolException or SslHandshakeException or NotSupportedException)
        {
            return new Answer(Verdict.Unreachable, failure is SslHandshakeException ? "no TLS connection to the mail server" : failure is NotSupportedException ? "the mail server has no STARTTLS, or no log-in" : "no connection to the mail server");
        }
    }

    private static async Task<string> DeliverAsync(SmtpServer server, MimeMessage mail, CancellationToken ct)
    {
        using var client = new SmtpClient { CheckCertificateRevocation = false };   // in a closed network no list of revoked ones can be fetched
        await client.ConnectAsync(server.Host, server.Port, server.Tls switch { SmtpTls.Tls => SecureSocketOptions.SslOnConnect, SmtpTls.StartTls => SecureSocketOptions.StartTls, _ => SecureSocketOptions.None }, ct);
        if (server.User is not null) await client.AuthenticateAsync(server.User, server.Password ?? "", ct);
        await client.SendAsync(mail, ct);
        await client.DisconnectAsync(true, CancellationToken.None);   // it is taken; a failed goodbye does not change that
        return "taken by the mail server";
    }
}
