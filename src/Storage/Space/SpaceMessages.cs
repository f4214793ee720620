using Microsoft.Extensions.Logging;

namespace Seamless.Storage.Space;

internal static partial class SpaceMessages
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{FreeBytes} bytes are free at {Directory}; below {ReserveBytes} senders will have to wait")]
    public static partial void Low(ILogger logger, string directory, long freeBytes, long reserveBytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "{FreeBytes} bytes are free at {Directory}: nothing more is taken from senders until there are {ResumeBytes}")]
    public static partial void Full(ILogger logger, string directory, long freeBytes, long resumeBytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{FreeBytes} bytes are free at {Directory} again")]
    public static partial void Ample(ILogger logger, string directory, long freeBytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The time series could not be written down to free the log; it is tried again")]
    public static partial void NotSealed(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "How much space is free at {Directory} cannot be told")]
    public static partial void NotSeen(ILogger logger, Exception exception, string directory);
}
