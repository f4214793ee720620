using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Seamless.DeviceAgent.Sensing;

/// <summary>Several sources as one, in the order in which they measure; it ends when all have ended, or one has failed.</summary>
public sealed class MergedSource(params ISource[] sources) : ISource
{
    public async IAsyncEnumerable<Measurement> ReadAsync([EnumeratorCancellation] CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var measurements = Channel.CreateBounded<Measurement>(sources.Length);
        var reading = ReadAllAsync(measurements.Writer, ended);
        try
        {
            await foreach (var measurement in measurements.Reader.ReadAllAsync(ct)) yield return measurement;
        }
        finally
        {
            await ended.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAllAsync(ChannelWriter<Measurement> writer, CancellationTokenSource ended)
    {
        try
        {
            await Task.WhenAll(sources.Select(source => Task.Run(() => ReadAsync(source, writer, ended))));
            writer.TryComplete();
        }
        catch (Exception e)
        {
            writer.TryComplete(e is OperationCanceledException ? null : e);   // the reader throws it, at the edge
        }
    }

    private static async Task ReadAsync(ISource source, ChannelWriter<Measurement> writer, CancellationTokenSource ended)
    {
        try
        {
            await foreach (var measurement in source.ReadAsync(ended.Token)) await writer.WriteAsync(measurement, ended.Token);
        }
        catch (Exception)
        {
            await ended.CancelAsync();   // the others stop too
            throw;
        }
    }
}
