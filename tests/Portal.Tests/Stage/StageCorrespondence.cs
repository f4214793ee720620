using Seamless.Rules.Packs;
using Seamless.ServiceDesk.Customers.Correspondence;
using Seamless.ServiceDesk.Notifications;
using Seamless.Telemetry;

namespace Seamless.Portal.Tests.Stage;

/// <summary>T-1042 has a thread of many channels; two messages wait, until they are decided. What is sent or decided is noted.</summary>
internal sealed class StageCorrespondence(TimeProvider clock) : ICorrespondence
{
    private readonly List<string> _done = [];
    private readonly List<ThreadEntry> _said = [];
    private readonly HashSet<string> _decided = [];

    public IReadOnlyList<string> Done => _done;

    public Task<Outcome<MessageReceipt>> ReceiveAsync(IncomingMessage message, string actor, CancellationToken ct) => throw new NotSupportedException();

    public Task<IReadOnlyList<CustomerMessage>> ListAsync(string tenant, MessageState state, string? after, int limit, CancellationToken ct) => Task.FromResult<IReadOnlyList<CustomerMessage>>(
    [
        .. new[]
        {
            Waiting("M-1007", MessageChannel.Email, "liu@bohai.example", "Liu Yang", "Which pump comes first?", string.Concat(Enumerable.Repeat("One of the two pumps is loud, and the other one is hot. ", 20)), "Bohai Water", ["T-1042", "T-1041"]),
            Waiting("M-1009", MessageChannel.Sms, "+8613900000001", null, null, "请尽快回电", null, []),
        }.Where(m => state is MessageState.Waiting && !_decided.Contains(m.Number)),
    ]);

    public Task<CustomerMessage?> FindAsync(string tenant, string number, CancellationToken ct) => Task.FromResult<CustomerMessage?>(null);

    public Task<TicketThread?> ThreadAsync(string tenant, string ticket, CancellationToken ct) => Task.FromResult<TicketThread?>(ticket == "T-1042"
        ? new TicketThread(ticket, "Zhao Min", clock.GetUtcNow().AddMinutes(-4),
        [
            In(30, "message", "M-1001", "email", "Liu Yang", "l…@bohai.example", "The pump is loud\n\nSince this morning."), In(26, "request", "R-1001", "status-page", "Bohai Water", null, "May we run it slowly?"),
            Out(24, "notification", "msg_9", "sms", "Visit planned", "已安排上门", DeliveryState.Sent), Out(20, "reply", "A-1001", "email", "Yes, at half speed.", "可以，半速运行。", DeliveryState.Failed),
            new(clock.GetUtcNow().AddMinutes(-18), ThreadSide.Internal, "note", "N-1", "desk", "li", null, null, null, new("bring the long puller", "带长拉马")), In(12, "message", "M-1003", "chat", "liu_y", "liu_y", "thanks"),
            In(6, "message", "M-1004", "phone", "+86…01", "+86…01", "Somebody asks when we come.", verified: false), In(4, "message", "M-1005", "email", "Liu Yang", "l…@bohai.example", "When do you come?"), .. _said,
        ],
        [new("recipient:liu-sms", "sms", "Liu Yang", "+86…01"), new("recipient:liu-mail", "email", "Liu Yang", "l…@bohai.example"), new("phone", "phone", "Bohai Water", null)], "recipient:liu-mail")
        : new TicketThread(ticket, "Night desk", null, [], [new("phone", "phone", "Bohai Water", null)], null));

    public async Task<Outcome<TicketThread>> ReplyAsync(string tenant, string ticket, ReplyOrder reply, string actor, CancellationToken ct)
    {
        if (reply.Text.Trim().Length > 60 && reply.By == "recipient:liu-sms") return Refusal.Invalid("reply-too-long", $"{reply.Text.Trim().Length} characters do not fit into one text message; shorten it, or answer another way");
        _done.Add($"reply {ticket} {reply.By} {reply.Text.Trim()}");
        _said.Add(Out(0, "reply", $"A-{_done.Count}", "email", reply.Text.Trim(), reply.Text.Trim(), DeliveryState.Pending));
        return (await ThreadAsync(tenant, ticket, ct))!;
    }

    public Task<Outcome<CustomerMessage>> AssignAsync(string tenant, string number, string ticket, string actor, CancellationToken ct) =>
        ticket == "T-404" ? Task.FromResult<Outcome<CustomerMessage>>(Refusal.NotFound("ticket-unknown", $"there is no ticket {ticket}")) : Decided(number, $"assign {number} {ticket}");

    public Task<Outcome<CustomerMessage>> OpenTicketAsync(string tenant, string number, TicketFromMessage order, string actor, CancellationToken ct) => Decided(number, $"open {number} {order.Site} {order.Title}");

    public Task<Outcome<CustomerMessage>> DismissAsync(string tenant, string number, string reason, string actor, CancellationToken ct) => Decided(number, $"dismiss {number} {reason}");

    private Task<Outcome<CustomerMessage>> Decided(string number, string done)
    {
        _done.Add(done);
        _decided.Add(number);
        return Task.FromResult<Outcome<CustomerMessage>>(Waiting(number, MessageChannel.Sms, "x", null, null, "x", null, []) with { Ticket = "T-1042" });
    }

    private ThreadEntry In(int minutesAgo, string kind, string id, string channel, string who, string? address, string text, bool verified = true) =>
        new(clock.GetUtcNow().AddMinutes(-minutesAgo), ThreadSide.In, kind, id, channel, who, address, verified, kind == "message" ? "Re: pump" : null, new(text, text));

    private ThreadEntry Out(int minutesAgo, string kind, string id, string channel, string en, string zh, DeliveryState state) =>
        new(clock.GetUtcNow().AddMinutes(-minutesAgo), ThreadSide.Out, kind, id, channel, "Zhao Min", null, null, null, new LocalizedText(en, zh), state, "the mail server answered 550");

    private CustomerMessage Waiting(string number, MessageChannel channel, string from, string? name, string? subject, string text, string? customer, IReadOnlyList<string> candidates) =>
        new(number, "default", channel, from, name, subject, text, clock.GetUtcNow().AddMinutes(-9), clock.GetUtcNow().AddMinutes(-9), customer is not null, customer, null, null, MessageState.Waiting, null, candidates, null, null);
}
