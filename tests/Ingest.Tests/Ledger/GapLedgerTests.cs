using System.Text;
using System.Text.Json.Nodes;
using MQTTnet;
using Seamless.Fleet.Commands;
using Seamless.Ingest.Ledger;
using Seamless.Telemetry;
using static Seamless.Ingest.Tests.Door;

namespace Seamless.Ingest.Tests.Ledger;

/// <summary>The ledger behind the real door: what is missing, the request for it, and what a restart knows.</summary>
public sealed class GapLedgerTests
{
    private static readonly DeviceKey Pump = new("default", "pump-1");

    [Fact]
    public async Task A_gap_is_seen_and_closes_when_its_samples_come()
    {
        await using var door = await OpenAsync(ingest: Patient);
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        foreach (var number in (int[])[1, 2, 6]) await SendAsync(client, number);
        await UntilAsync(() => door.Ledger.Find(Pump)?.Highest == 6, "the ledger to follow");

        var gap = Assert.Single(door.Ledger.List("default"));
        Assert.Equal((3, 5, 0, null), (gap.From, gap.To, gap.Asked, gap.GivenUp));
        Assert.Empty(door.Ledger.List("other"));

        foreach (var number in (int[])[5, 3, 4]) await SendAsync(client, number);
        await UntilAsync(() => door.Ledger.List("default").Count == 0, "the gap to close");
        Assert.Equal((0, 0), (door.Ledger.Find(Pump)!.Missing, door.Ledger.Find(Pump)!.Repeated));
    }

    [Fact]
    public async Task The_device_is_asked_for_exactly_what_is_missing_and_what_it_has_no_more_is_given_up()
    {
        await using var door = await OpenAsync(ingest: Hasty);
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        var asked = await AnswerAsync(client, async (id, ranges) =>
        {
            foreach (var range in ranges.AsArray())
                for (var number = (long)range![0]!; number <= (long)range[1]!; number++)
                    if (number != 4) await SendAsync(client, number);
            await ResultAsync(client, id, """{"status":"succeeded","data":{"found":3,"gone":[[4,4]]}}""");
        });
        await SendTogetherAsync(client, 1, 2, 6, 7, 9);   // one by one, the grace could end between two of them

        await UntilAsync(() => door.Ledger.List("default") is [{ GivenUp: not null }], "the rest to be given up");
        var left = Assert.Single(door.Ledger.List("default"));
        Assert.Equal((4, 4, 1), (left.From, left.To, left.Asked));
        Assert.Contains("no longer has it", left.GivenUp);
        Assert.Equal(["[[3,5],[8,8]]"], asked);
        Assert.Equal([1, 2, 6, 7, 9, 3, 5, 8], door.Log.Samples.Select(sample => sample.Sequence!.Value));
    }

    [Fact]
    public async Task A_device_that_refuses_is_not_asked_again_until_somebody_says_so()
    {
        await using var door = await OpenAsync(ingest: Hasty);
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        var asked = await AnswerAsync(client, (id, _) => ResultAsync(client, id, """{"status":"rejected","detail":"'backfill' is not allowed on this device"}"""));
        foreach (var number in (int[])[1, 3]) await SendAsync(client, number);
        await UntilAsync(() => door.Ledger.List("default") is [{ GivenUp: not null }], "the gap to be given up");
        Assert.Contains("not allowed on this device", door.Ledger.List("default")[0].GivenUp);

        await SendAsync(client, 5);
        await UntilAsync(() => door.Ledger.List("default") is [_, { GivenUp: not null }], "the next gap to be given up without asking");
        Assert.Single(asked);

        Assert.Equal(2, door.Ledger.AskAgain(Pump).Value);
        await UntilAsync(() => asked.Count == 2, "the second request");
        Assert.Equal("[[2,2],[4,4]]", asked[1]);
    }

    [Fact]
    public async Task A_device_that_never_answers_is_asked_a_few_times_and_then_no_more()
    {
        await using var door = await OpenAsync(ingest: options =>
        {
            Hasty(options);
            options.Ledger.Tries = 2;
            options.Ledger.AnswerWithin = TimeSpan.FromSeconds(1);
        });
        var client = await door.ConnectAsync("pump-1", await door.AddDeviceAsync("pump-1"));
        foreach (var number in (int[])[1, 3]) await SendAsync(client, number);
        await UntilAsync(async () =>
        {
            await door.Commands.AdvanceAsync(TimeProvider.System.GetUtcNow(), Ct);   // the host's beat
            return door.Ledger.List("default") is [{ GivenUp: "asked 2 times in vain" }];
        }, "the gap to be given up");

        Assert.Equal([CommandState.Expired, CommandState.Expired], (await door.Commands.ListAsync(Pump, 10, Ct)).Select(command => command.State));
    }

    [Fact]
    public async Task After_a_kill_a_sample_without_a_time_that_is_sent_again_is_not_stored_twice_and_the_gaps_are_known()
    {
        string left, token;
        await using (var door = await OpenAsync(ingest: Patient))
        {
            token = await door.AddDeviceAsync("pump-1");
            var client = await door.ConnectAsync("pump-1", token);
            foreach (var number in (int[])[1, 2, 3, 7]) Assert.True((await SendAsync(client, number, timed: false)).IsSuccess);
            left = door.CopyOfDirectory();   // the ledger has written nothing down yet
        }
        await using var next = await OpenAsync(ingest: Patient, directory: left);
        var again = await next.ConnectAsync("pump-1", token);

        Assert.Equal((4, 6), (next.Ledger.List("default")[0].From, next.Ledger.List("default")[0].To));
        foreach (var number in (int[])[3, 7, 8, 8]) Assert.True((await SendAsync(again, number, timed: false)).IsSuccess);
        Assert.Equal([8], next.Log.Samples.Select(sample => sample.Sequence!.Value));

        // The same number with other values is a counter that began anew, and no sample of it may be dropped.
        Assert.True((await again.SendAsync("v1/default/pump-1/telemetry", """{"seq":1,"values":{"vibration":99}}""")).IsSuccess);
        Assert.Equal([8, 1], next.Log.Samples.Select(sample => sample.Sequence!.Value));
    }

    [Fact]
    public async Task What_the_ledger_has_written_down_outlives_the_log_it_was_read_from()
    {
        string left, token;
        await using (var door = await OpenAsync(ingest: options => options.Ledger.SaveEvery = TimeSpan.FromMilliseconds(10)))
        {
            token = await door.AddDeviceAsync("pump-1");
            var client = await door.ConnectAsync("pump-1", token);
            foreach (var number in (int[])[1, 5]) await SendAsync(client, number, timed: false);
            await UntilAsync(async () =>
            {
                await SendAsync(client, 6 + door.Log.Samples.Count(), timed: false);
                return door.Log.Checkpoint(GapLedger.ConsumerName, 0) > 2;
            }, "a checkpoint");
            left = door.CopyOfDirectory();
        }
        await using var next = await OpenAsync(ingest: Patient, directory: left);

        var first = next.Ledger.List("default")[0];
        Assert.Equal((2, 4), (first.From, first.To));
        var again = await next.ConnectAsync("pump-1", token);
        await SendAsync(again, 5, timed: false);
        Assert.Empty(next.Log.Samples);
    }

    private static void Patient(IngestOptions options) => options.Ledger.Grace = TimeSpan.FromHours(1);

    private static void Hasty(IngestOptions options)
    {
        (options.Ledger.Grace, options.Ledger.LookEvery) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(20));
        options.Ledger.FirstPause = TimeSpan.FromMilliseconds(50);
    }

    private static Task<MqttClientPublishResult> SendAsync(IMqttClient client, long number, bool timed = true) => client.SendAsync(
        "v1/default/pump-1/telemetry", $$"""{{{(timed ? $"\"ts\":{1_764_000_000_000 + number}," : "")}}"seq":{{number}},"values":{"vibration":{{number}}.5} }""");

    private static Task SendTogetherAsync(IMqttClient client, params int[] numbers) => client.SendAsync(
        "v1/default/pump-1/telemetry", $"[{string.Join(',', numbers.Select(number => $$"""{"ts":{{1_764_000_000_000 + number}},"seq":{{number}},"values":{"vibration":{{number}}.5} }"""))}]");

    private static Task ResultAsync(IMqttClient client, string id, string json) => client.SendAsync($"v1/default/pump-1/commands/{id}/result", json);

    /// <summary>Lets the client answer each backfill; the list grows with the ranges that were asked for.</summary>
    private static async Task<List<string>> AnswerAsync(IMqttClient client, Func<string, JsonNode, Task> answer)
    {
        var asked = new List<string>();
        client.ApplicationMessageReceivedAsync += message =>
        {
            var body = JsonNode.Parse(Encoding.UTF8.GetString(message.ApplicationMessage.Payload.First.Span))!;
            Assert.Equal("backfill", (string?)body["name"]);
            var ranges = body["args"]!["ranges"]!;
            asked.Add(ranges.ToJsonString());
            _ = Task.Run(() => answer(message.ApplicationMessage.Topic.Split('/')[4], ranges), Ct);
            return Task.CompletedTask;
        };
        await client.SubscribeAsync("v1/default/pump-1/commands/+", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce, Ct);
        return asked;
    }
}
