using Seamless.DeviceAgent.Outbox;

namespace Seamless.DeviceAgent.Tests.Outbox;

public sealed class SampleJsonTests
{
    [Fact]
    public void A_sample_costs_little_more_memory_than_its_bytes()
    {
        var measurement = Some.Measurement(at: 1000, value: 20.5);
        var bytes = SampleJson.Encode(measurement, 1).Length;   // the first of a thread makes the writer
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) SampleJson.Encode(measurement, i);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 100, bytes, bytes + 100);
    }
}
