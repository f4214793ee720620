using System.Runtime.InteropServices;

namespace Seamless.Storage.TimeSeries.Segments.Upkeep;

/// <summary>Threads for work that can wait: on a full core, whoever answers a device or a question goes first.</summary>
internal static partial class BackRoom
{
    /// <param name="niceness">By how many steps the thread gives way: Linux gives one of 5 a third of what one of 0 has, one of 10 a ninth. Elsewhere it says "below normal".</param>
    public static Task RunAsync(string name, int niceness, Action work)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            if (OperatingSystem.IsLinux()) _ = SetPriority(0, 0, niceness);   // where it is refused the work is done all the same
            try
            {
                work();
                ended.SetResult();
            }
            catch (Exception e)   // whoever waits for the thread has it
            {
                ended.SetException(e);
            }
        })
        { Name = name, IsBackground = true, Priority = ThreadPriority.BelowNormal };
        thread.Start();
        return ended.Task;
    }

    /// <summary>Of the calling thread: on Linux each has its own.</summary>
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    private static partial int SetPriority(int which, uint who, int value);
}
