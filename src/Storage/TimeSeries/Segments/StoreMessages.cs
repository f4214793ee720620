using Microsoft.Extensions.Logging;

namespace Seamless.Storage.TimeSeries.Segments;

internal static partial class StoreMessages
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{File} is damaged and was set aside as {Damaged}; the rest is used without it. Restore it from a backup")]
    public static partial void SegmentDamaged(ILogger logger, string file, string damaged);

    [LoggerMessage(Level = LogLevel.Error, Message = "{File}: what it holds of {Device} from {FromMs} to {ToMs} (Unix ms) cannot be read, the disk has damaged it; answers come without it")]
    public static partial void BlockDamaged(ILogger logger, string file, string device, long fromMs, long toMs);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} cannot be read; the newest values were gathered from the segments, and what retention hid may show until it runs again")]
    public static partial void StateLost(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Rows} rows could not be written to {Directory}; they stay in memory and in the log, and it is tried again")]
    public static partial void SealFailed(ILogger logger, Exception exception, long rows, string directory);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rows are written to {Directory} again")]
    public static partial void SealsAgain(ILogger logger, string directory);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The segments of {Day} could not be merged; they stay as they are")]
    public static partial void CompactionFailed(ILogger logger, Exception? exception, string day);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Rows} rows sealed into {Segments} segments in {Elapsed}")]
    public static partial void Sealed(ILogger logger, long rows, int segments, TimeSpan elapsed);

    [LoggerMessage(Level = LogLevel.Information, Message = "{File} is being taken in; this happens once")]
    public static partial void Importing(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Rows} rows taken in; {File} is not needed any more")]
    public static partial void Imported(ILogger logger, long rows, string file);
}
