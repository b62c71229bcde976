using System.Diagnostics;
using System.Text;

namespace StreamSegmenter.Cmd.Tests.Support;

/// <summary>Runs segctl: in this process for speed, or as the program that operators start.</summary>
internal static class SegctlRun
{
    public static async Task<SegctlAnswer> InProcessAsync(ReadOnlyMemory<byte> input, params string[] arguments)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var streams = new SegctlStreams(() => new MemoryStream(input.ToArray()), output, error);
        int exitCode = await Segctl.RunAsync(arguments, streams);
        return new(exitCode, Text(output), Text(error));
    }

    public static async Task<SegctlAnswer> ProcessAsync(ReadOnlyMemory<byte> input, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "segctl.dll");
        using var process = new Process
        {
            StartInfo = new("dotnet", ["exec", program, .. arguments])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                StandardOutputEncoding = Encoding.UTF8,
                StandardErrorEncoding = Encoding.UTF8,
            },
        };
        process.Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.BaseStream.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray());
}
