/**
 * The engine's own steps: what a process is given whatever isolates it. Each class is one subject and turns a spec into steps, as a
 * backend does: the run's record, credentials, limits, session and terminal, files with names, the command.
 *
 * <p>The order of credentials follows capabilities(7); that of descriptors, CVE-2016-9962 and CVE-2024-21626. Nothing here touches the
 * machine.
 */
@NullMarked
package dev.caisson.engine.process;

import org.jspecify.annotations.NullMarked;
