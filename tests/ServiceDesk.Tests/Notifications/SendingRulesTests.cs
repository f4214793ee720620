using CsCheck;
using Seamless.ServiceDesk.Notifications;
using Seamless.ServiceDesk.Notifications.Outbox;

namespace Seamless.ServiceDesk.Tests.Notifications;

public sealed class SendingRulesTests
{
    /// <summary>A program's message: ten attempts over 75 hours.</summary>
    [Fact]
    public void A_webhook_is_tried_ten_times_then_given_up()
    {
        var row = Row(Channel.Webhook);
        var (now, delays) = (Some.At, new List<TimeSpan>());
        for (var attempt = 1; RetrySchedule.Next(row, attempt, now, null, TimeSpan.FromDays(1)) is { } next; attempt++)
        {
            delays.Add(next - now);
            now = next;
        }
        Assert.Equal("00:00:05 00:05:00 00:30:00 02:00:00 05:00:00 10:00:00 14:00:00 20:00:00 1.00:00:00", string.Join(' ', delays));
    }

    [Fact]
    public void A_person_is_not_told_days_later_and_a_receiver_may_ask_for_time()
    {
        var limit = TimeSpan.FromDays(1);
        Assert.Null(RetrySchedule.Next(Row(Channel.Sms), 8, Some.At.AddHours(5), null, limit));
        Assert.Equal(Some.At.AddHours(19), RetrySchedule.Next(Row(Channel.Sms), 7, Some.At.AddHours(5), null, limit));
        Assert.Equal(Some.At.AddSeconds(90), RetrySchedule.Next(Row(Channel.Slack), 1, Some.At, TimeSpan.FromSeconds(90), limit));
        Assert.Equal(Some.At.AddSeconds(5), RetrySchedule.Next(Row(Channel.Slack), 1, Some.At, TimeSpan.FromSeconds(1), limit));
    }

    /// <summary>However they come, no minute sees more than twenty.</summary>
    [Fact]
    public void No_span_sees_more_than_the_rate() => Gen.Int[0, 20].Array[1, 200].Sample(gaps =>
    {
        var (quota, sent, now) = (new SendQuota(), new List<DateTimeOffset>(), Some.At);
        Rate[] rates = [new(20, TimeSpan.FromMinutes(1)), new(3, TimeSpan.FromSeconds(1))];
        foreach (var gap in gaps)
        {
            now += TimeSpan.FromMilliseconds(gap * 250);
            var (free, nextAt) = quota.Ask("robot", rates, now);
            if (free == 0)
            {
                Assert.True(nextAt > now);
                now = nextAt;
                Assert.True(quota.Ask("robot", rates, now).Free > 0);   // what was promised holds
            }
            quota.Count("robot", now);
            sent.Add(now);
        }
        foreach (var rate in rates)
            Assert.All(sent, from => Assert.InRange(sent.Count(at => at >= from && at < from + rate.Per), 1, rate.Most));
    }, iter: 200);

    private static OutboxRow Row(Channel channel) =>
        new() { Id = "msg_1", Key = "k", Tenant = "default", Ticket = "T-1", Milestone = "opened", Recipient = "ops", Channel = channel, Facts = Some.Facts(), At = Some.At };
}
