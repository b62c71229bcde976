using System.Diagnostics;

namespace StreamSegmenter.Persistence.Sql.Tests.Crash;

/// <summary>Runs this assembly's <c>Program</c> in a process of its own and kills it, as the kernel would.</summary>
internal static class DoomedProcess
{
    /// <summary>What it printed until it was killed, which is after <paramref name="lines"/> lines.</summary>
    public static async Task<List<string>> RunAsync(int lines, params string[] arguments)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(DoomedProcess).Assembly.Location);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        List<string> printed = [];
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            printed.Add(line);
            if (printed.Count == lines)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        printed.Count.ShouldBeGreaterThanOrEqualTo(lines, await errors);
        return printed;
    }
}
