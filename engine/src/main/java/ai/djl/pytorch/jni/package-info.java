/** DJL's own package: holds the one class of ours that has to call what DJL keeps to itself. */
package ai.djl.pytorch.jni;
