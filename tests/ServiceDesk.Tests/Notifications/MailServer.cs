using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MimeKit;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Seamless.ServiceDesk.Tests.Notifications;

/// <summary>A mail server in this process; it answers in turn as it is told, and takes what it is not told about.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private readonly Inbox _inbox = new();

    public MailServer()
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        var services = new ServiceProvider();
        services.Add(_inbox);
        var server = new SmtpServer.SmtpServer(new SmtpServer.SmtpServerOptionsBuilder().ServerName("mail.test").Endpoint(e => e.Endpoint(new IPEndPoint(IPAddress.Loopback, Port))).Build(), services);
        _running = server.StartAsync(_stop.Token);
    }

    public int Port { get; }
    public IReadOnlyCollection<MimeMessage> All => _inbox.Mails;

    public void Answer(SmtpReplyCode code) => _inbox.Script.Enqueue(code);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try { await _running; }
        catch (OperationCanceledException) { }
        _stop.Dispose();
    }

    private sealed class Inbox : MessageStore
    {
        public ConcurrentQueue<MimeMessage> Mails { get; } = new();
        public ConcurrentQueue<SmtpReplyCode> Script { get; } = new();

        public override async Task<SmtpResponse> SaveAsync(SmtpServer.ISessionContext context, SmtpServer.IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            if (Script.TryDequeue(out var code)) return new SmtpResponse(code, "as told");
            using var stream = new MemoryStream(buffer.ToArray());
            Mails.Enqueue(await MimeMessage.LoadAsync(stream, cancellationToken));
            return SmtpResponse.Ok;
        }
    }
}
