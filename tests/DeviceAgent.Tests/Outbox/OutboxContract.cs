using System.Text;
using CsCheck;
using Seamless.DeviceAgent.Outbox;

namespace Seamless.DeviceAgent.Tests.Outbox;

/// <summary>What every outbox promises.</summary>
public abstract class OutboxContract : IDisposable
{
    protected abstract IOutbox Create();

    [Fact]
    public void Entries_leave_in_the_order_they_came_and_only_when_removed()
    {
        using var outbox = Create();
        var sequences = Enumerable.Range(0, 10).Select(i => outbox.Append(Some.Measurement(at: i))).ToList();

        Assert.Equal(sequences, outbox.Peek(100, 1 << 20).Select(entry => entry.Sequence));
        outbox.Remove(sequences[3]);
        Assert.Equal(sequences[4..], outbox.Peek(100, 1 << 20).Select(entry => entry.Sequence));
        Assert.Equal(6, outbox.Count);
    }

    [Fact]
    public void Sequence_numbers_have_no_gaps()
    {
        using var outbox = Create();
        var sequences = Enumerable.Range(0, 100).Select(_ => outbox.Append(Some.Measurement())).ToList();

        Assert.Equal(Enumerable.Range(0, 100).Select(i => sequences[0] + i), sequences);
    }

    [Fact]
    public void A_peek_is_bounded_by_entries_and_bytes_but_never_empty_while_something_waits()
    {
        using var outbox = Create();
        for (var i = 0; i < 10; i++) outbox.Append(Some.Measurement());

        Assert.Equal(4, outbox.Peek(4, 1 << 20).Count);
        Assert.Single(outbox.Peek(100, maxBytes: 1));
    }

    [Fact]
    public void Removing_twice_or_too_far_takes_nothing_that_came_later()
    {
        using var outbox = Create();
        var first = outbox.Append(Some.Measurement());
        outbox.Remove(first + 1000);
        outbox.Remove(first);
        var second = outbox.Append(Some.Measurement());

        Assert.Equal(second, Assert.Single(outbox.Peek(10, 1 << 20)).Sequence);
    }

    [Fact]
    public void Any_mix_of_appending_and_removing_keeps_what_is_not_removed() => Gen.Int[0, 5].Array[1, 60].Sample(steps =>
    {
        using var outbox = Create();
        var expected = new Queue<long>();
        foreach (var step in steps)
        {
            if (step > 1) expected.Enqueue(outbox.Append(Some.Measurement()));
            else if (outbox.Peek(step + 1, 1 << 20) is { Count: > 0 } batch)
            {
                outbox.Remove(batch[^1].Sequence);
                for (var i = 0; i < batch.Count; i++) expected.Dequeue();
            }
        }
        return expected.SequenceEqual(outbox.Peek(1000, 1 << 20).Select(entry => entry.Sequence));
    }, iter: 50);

    [Fact]
    public void One_entry_travels_as_an_object_and_several_as_an_array()
    {
        using var outbox = Create();
        var sequence = outbox.Append(Some.Measurement(at: 5, value: 1.5));
        var one = SampleJson.Payload(outbox.Peek(10, 1 << 20));
        outbox.Append(Some.Measurement(at: 6, value: 2));
        var two = SampleJson.Payload(outbox.Peek(10, 1 << 20));

        Assert.Equal($$$"""{"ts":5,"seq":{{{sequence}}},"values":{"temperature":1.5}}""", Encoding.UTF8.GetString(one.Span));
        Assert.Equal(
            $$$"""[{"ts":5,"seq":{{{sequence}}},"values":{"temperature":1.5}},{"ts":6,"seq":{{{sequence + 1}}},"values":{"temperature":2}}]""",
            Encoding.UTF8.GetString(two.Span));
    }

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
