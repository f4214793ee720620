using Seamless.Storage.Log;
using Seamless.Telemetry;

namespace Seamless.Ingest.Tests;

internal static class LogOrder
{
    /// <summary>As it stands in the log: every device's samples by their time. Those who appended may have been told in another order.</summary>
    public static async Task AssertDevicesAreInOrderAsync(this ITelemetryLog log)
    {
        var newest = new Dictionary<DeviceKey, long>();
        for (var partition = 0; partition < log.PartitionCount; partition++)
        {
            if (log.End(partition) == 0) continue;
            await foreach (var batch in log.ReadAsync(partition, 0, Door.Ct))
            {
                foreach (var record in batch.Records())
                    if (record.Entry.Sample is { } sample)
                    {
                        Assert.True(newest.GetValueOrDefault(sample.Device) < sample.TimestampMs, $"{sample.Device} at {sample.TimestampMs} stands behind {newest.GetValueOrDefault(sample.Device)}");
                        newest[sample.Device] = sample.TimestampMs;
                    }
                if (batch.LastSequence >= log.End(partition)) break;
            }
        }
        Assert.NotEmpty(newest);
    }
}
